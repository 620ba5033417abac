using Cache.Core.Valkey;
using Cache.Core.Valkey.Resp;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey.Users;

/// <summary>The user that the documents tell operators to make, taken from there.</summary>
internal static class AclUser
{
    public const string Name = "app";
    public const string Password = "app-password-1f0c";

    /// <summary>The documented command for a prefix of keys.</summary>
    public static string[] SetUp(string prefix)
    {
        var documented = File.ReadLines(Path.Combine(Repository.Root, "docs/cache-core/options.md")).Single(line => line.StartsWith("ACL SETUSER", StringComparison.Ordinal));
        return documented.Replace("cache:", prefix, StringComparison.Ordinal).Replace(">PASSWORD", ">" + Password, StringComparison.Ordinal).Split(' ');
    }

    /// <summary>Sends a command as a user.</summary>
    public static async Task<RespValue> AskAsync(string address, string? user, string password, params string[] command)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var connection = await SignIn.DialAsync(address, new ValkeyOptions { UserName = user, Password = password }, limit.Token);
        return SignIn.Require(await connection.AskAsync(RespCommand.Encode(command), limit.Token), command[0]);
    }
}
