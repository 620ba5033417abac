using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Faults;

/// <summary>Rubbish in place of what L2 holds, as a broken writer would leave it.</summary>
internal static class Garbage
{
    private static readonly string[] Kinds = ["", "{", "null", "[]", "\u0001\u0002\u0003", """{"id":"somebody-else","revision":999999999}""", new('x', 4096)];

    public static async Task WriteAsync(RunningPlatform platform, string resource, CancellationToken cancellationToken)
    {
        await using var valkey = await platform.OpenValkeyAsync(cancellationToken);
        var n = 0;
        foreach (var key in await valkey.KeysAsync("tm-config:tenant-connections:*"))
            await valkey.SetAsync(key, Kinds[n++ % Kinds.Length]);
    }
}
