using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.Payloads;

/// <summary>This project's recorded payloads.</summary>
internal static class Recorded
{
    private const string Project = "Cache.Core.AspNetCore.Tests";

    public static DateTimeOffset Noon { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<string> Names => RecordedPayload.NamesIn(Project);

    public static RecordedPayload Read(string name) => RecordedPayload.Read(Project, name);

    /// <summary>An envelope as a version would write it that nobody has made yet.</summary>
    public static byte[] OfAnotherVersion(byte[] envelope) => [.. envelope[..2], 2, .. envelope[3..]];

    /// <summary>A Valkey that holds what a payload says.</summary>
    public static async Task<InMemoryCacheClient> ValkeyAsync(RecordedPayload payload, TimeProvider? time = null)
    {
        InMemoryCacheClient valkey = new(time);
        foreach (var one in payload.Keys)
            await valkey.SetAsync(one.Key, one.Bytes, TimeSpan.FromHours(1));
        return valkey;
    }
}
