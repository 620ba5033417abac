using System.Globalization;
using Cache.Core.Valkey;
using Cache.Core.Valkey.Resp;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey.Users;

/// <summary>A real Valkey whose default user is switched off: there is <see cref="AclUser"/>, and an administrator.</summary>
public sealed class AclFixture : IAsyncLifetime
{
    public const string Prefix = "acl:";
    private const string Administrator = "administrator";
    private readonly ValkeyFixture _valkey = new();

    public ValkeyFixture Valkey => _valkey;

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_valkey.Port}");

    public async Task InitializeAsync()
    {
        await _valkey.InitializeAsync();
        await SetUpAsync();
    }

    public Task DisposeAsync() => _valkey.DisposeAsync();

    /// <summary>After a restart, which forgets the users.</summary>
    public async Task SetUpAsync()
    {
        await _valkey.ExecuteAsync("ACL", "SETUSER", Administrator, "on", ">" + _valkey.Password, "~*", "&*", "+@all");
        await _valkey.ExecuteAsync([.. AclUser.SetUp(Prefix), "&acl:events"]);
        await _valkey.ExecuteAsync(AclUser.SetUp("fenced-"));
        await _valkey.ExecuteAsync("ACL", "SETUSER", "default", "off");
    }

    /// <summary>Sends a command as the administrator.</summary>
    internal Task<RespValue> AskAsync(params string[] command) => AclUser.AskAsync(Address, Administrator, _valkey.Password, command);

    internal ValkeyOptions Options(bool isDirect) => new()
    {
        Addresses = [Address],
        UserName = AclUser.Name,
        Password = AclUser.Password,
        IsDirect = isDirect,
        DialTimeout = TimeSpan.FromSeconds(60),
        ReadTimeout = TimeSpan.FromSeconds(60),
        WriteTimeout = TimeSpan.FromSeconds(60),
    };
}
