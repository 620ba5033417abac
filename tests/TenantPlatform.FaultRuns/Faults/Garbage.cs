using System.Text.Json;
using System.Text.Json.Nodes;
using TenantPlatform.FaultRuns.History;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Faults;

/// <summary>Rubbish in place of what L2 holds, as a broken writer would leave it.</summary>
internal static class Garbage
{
    private static readonly string[] Kinds = ["", "{", "null", "[]", "\u0001\u0002\u0003", $$"""{"id":"somebody-else","revision":{{Answer.Forgery}}}""", new('x', 4096)];

    /// <remarks>For as long as what was there would have stayed: of tenants that nobody asks for again it would be left for ever.</remarks>
    public static async Task WriteAsync(RunningPlatform platform, string resource, CancellationToken cancellationToken)
    {
        await using var valkey = await platform.OpenValkeyAsync(cancellationToken);
        var n = 0;
        foreach (var key in await valkey.KeysAsync("tm-config:tenant-connections:*"))
        {
            // The worst for every third: right but for its revision, which nothing that the tenant-manager says can reach.
            if (n++ % 3 == 0 && await valkey.GetAsync(key) is { } present && Forge(present) is { } forged)
                await valkey.ReplaceAsync(key, forged);
            else
                await valkey.ReplaceAsync(key, Kinds[n % Kinds.Length]);
        }
    }

    private static string? Forge(string present)
    {
        try
        {
            if (JsonNode.Parse(present) is not JsonObject config)
                return null;
            config["revision"] = Answer.Forgery;
            return config.ToJsonString();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
