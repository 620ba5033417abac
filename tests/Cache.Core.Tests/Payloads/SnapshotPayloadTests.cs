using System.Buffers;
using System.Text.Json;
using Cache.Core.Formats;
using Cache.Core.Snapshots;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Payloads;

/// <summary>The last known good on disk.</summary>
public sealed class SnapshotPayloadTests : IDisposable
{
    private const string Prefix = "p:";
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("recorded-snapshot-");
    private readonly FakeTimeProvider _time = new(Noon.AddHours(1));

    private string Path => System.IO.Path.Combine(_directory.FullName, "snapshot");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("snapshot-1-sealed")]
    public async Task File_IsServed_WhileNothingElseAnswers(string name)
    {
        await File.WriteAllBytesAsync(Path, Recorded.Read(name).Bytes);
        await using var cache = Start();

        var found = await LookAsync(cache, "found");
        Assert.Equal(("7", 7L, CacheSource.LastKnownGood, TimeSpan.FromHours(1)), (found.Value, found.Result.Revision, found.Source, found.Age));
        Assert.Equal("x", (await LookAsync(cache, "unnumbered")).Value);
        var denied = await LookAsync(cache, "denied");
        Assert.Equal((FetchOutcome.Denied, "suspended", 8L), (denied.Outcome, denied.Result.Status, denied.Result.Revision));
    }

    [Theory]
    [InlineData("snapshot-1-sealed", "snapshot-1")]
    public void File_IsStillWrittenSo(string name, string content)
    {
        var payload = Payload();
        new SnapshotFile(Path, Prefix, Recorded.Keys, largest: 1024).Write(payload);

        Assert.Equal(Recorded.Read(content).Hex, Convert.ToHexString(payload));
        Assert.Equal(Convert.ToHexString(payload), Convert.ToHexString(Opened(File.ReadAllBytes(Path))));
        Assert.Equal(Convert.ToHexString(payload), Convert.ToHexString(Opened(Recorded.Read(name).Bytes)));
    }

    [Theory]
    [InlineData("future-snapshot-2")]
    public async Task FileOfAnUnknownVersion_IsNone_AndStopsNoStart(string name)
    {
        new SnapshotFile(Path, Prefix, Recorded.Keys, largest: 1024).Write(Recorded.Read(name).Bytes);
        await using var cache = Start();

        await Assert.ThrowsAsync<HttpRequestException>(() => LookAsync(cache, "found").AsTask());
    }

    [Theory]
    [InlineData("future-encrypted-2")]
    [InlineData("envelope-1")]
    public async Task FileUnderAnUnknownSeal_IsNone_AndStopsNoStart(string name)
    {
        await File.WriteAllBytesAsync(Path, Recorded.Read(name).Bytes);
        await using var cache = Start();

        await Assert.ThrowsAsync<HttpRequestException>(() => LookAsync(cache, "found").AsTask());
    }

    private static byte[] Payload()
    {
        var payload = new ArrayBufferWriter<byte>();
        SnapshotPayload.Begin(payload);
        Append("found", new KnownValue<string>("7", 7, Noon));
        Append("unnumbered", new KnownValue<string>("x", revision: null, Noon));
        Append("denied", new KnownDenial("suspended", 8, Noon));
        return payload.WrittenSpan.ToArray();

        void Append(string key, KnownRecord record)
        {
            var body = new ArrayBufferWriter<byte>();
            record.Write(key, new PlainJsonFormat(JsonSerializerOptions.Web), body);
            SnapshotPayload.Append(payload, key, record, body.WrittenSpan);
        }
    }

    private static byte[] Opened(byte[] file) =>
        new EncryptedFormat(new RawFormat(), Recorded.Keys).Read<ReadOnlyMemory<byte>>("last-known-good:" + Prefix, file).Value.ToArray();

    private static ValueTask<CacheLookup<string>> LookAsync(TieredCache cache, string key) =>
        cache.GetOrFetchAsync(key, 0, static (_, _) => ValueTask.FromException<FetchResult<string>>(new HttpRequestException("the source is away")));

    private TieredCache Start()
    {
        var kept = new LastKnownGoodOptions { Path = Path, EncryptionKeys = Recorded.EncryptionKeysOfTests };
        var client = new InMemoryCacheClient(_time) { IsUnavailable = true };
        return new TieredCache(new TieredCacheOptions { KeyPrefix = Prefix, LastKnownGood = kept }, new ValkeyConfigCache(client, Prefix), _time);
    }
}
