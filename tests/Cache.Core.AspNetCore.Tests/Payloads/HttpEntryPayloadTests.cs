using System.Buffers;
using Cache.Core.AspNetCore.Store;
using Cache.Core.AspNetCore.Tests.Hosting;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.Payloads;

/// <summary>Stored HTTP responses: entries as they look within the envelope, and all that a gateway leaves in Valkey.</summary>
public sealed class HttpEntryPayloadTests
{
    private static readonly StoredEntrySerializer Serializer = new();

    [Theory]
    [InlineData("http-response-1")]
    [InlineData("http-variants-1")]
    [InlineData("http-unshared-1")]
    public void Entry_IsRead_AndStillWrittenSo(string name)
    {
        var recorded = Recorded.Read(name);

        var read = Serializer.Deserialize(new ReadOnlySequence<byte>(recorded.Bytes));

        Assert.Equal(recorded.Hex, Written(read));
        Assert.Equal(recorded.Hex, Written(Entry(name)));
        Assert.Equal((read.Response is null, read.Variants is null), (name != "http-response-1", name != "http-variants-1"));
    }

    [Theory]
    [InlineData("http-response-1")]
    public void Response_HasEverythingThatWasStored(string name)
    {
        var read = Serializer.Deserialize(new ReadOnlySequence<byte>(Recorded.Read(name).Bytes)).Response!;
        var written = Entry(name).Response!;

        Assert.Equal(written with { Fields = [], Body = StoredBody.Empty }, read with { Fields = [], Body = StoredBody.Empty });
        Assert.Equal(written.Fields.Select(field => $"{field.Name}: {field.Values}"), read.Fields.Select(field => $"{field.Name}: {field.Values}"));
        Assert.Equal((written.Body.CompleteLength, "b1-0,b1-1", 6L), (read.Body.CompleteLength, string.Join(',', read.Body.Parts[0].Keys), read.Body.Parts[1].Offset));
    }

    [Theory]
    [InlineData("http-cache-of-a-gateway")]
    public async Task Gateway_ServesWhatAnotherVersionStored(string name)
    {
        FakeTimeProvider time = new(Recorded.Noon.AddSeconds(10));
        await using var valkey = await Recorded.ValkeyAsync(Recorded.Read(name), time);
        await using var gateway = await CacheHost.StartAsync(l2: valkey, time: time);

        var answer = await gateway.GetAsync("/a", ("Foo", "1"));

        Assert.Equal(("HIT", "hello", "\"v1\"", "10"), (answer.XCache, answer.Body, answer["ETag"], answer["Age"]));
        Assert.Equal(0, gateway.Origin.Count);
    }

    /// <summary>Another version, or what it keeps of a body is gone: asked for anew.</summary>
    [Theory]
    [InlineData("http-cache-of-a-gateway", true)]
    [InlineData("http-cache-of-a-gateway", false)]
    public async Task CacheNeverFails_WhatCannotBeRead_IsAMiss(string name, bool isEntry)
    {
        FakeTimeProvider time = new(Recorded.Noon.AddSeconds(10));
        var recorded = Recorded.Read(name);
        await using var valkey = await Recorded.ValkeyAsync(recorded, time);
        foreach (var one in recorded.Keys.Where(one => one.Key.Contains(isEntry ? ":entry:v:" : ":body:", StringComparison.Ordinal)))
            await valkey.SetAsync(one.Key, Recorded.OfAnotherVersion(one.Bytes), TimeSpan.FromHours(1));
        await using var gateway = await CacheHost.StartAsync(l2: valkey, time: time);

        var answer = await gateway.GetAsync("/a", ("Foo", "1"));

        Assert.Equal("1", answer.Body);
        Assert.Equal(1, gateway.Origin.Count);
    }

    [Theory]
    [InlineData("http-response-1")]
    public void UnknownVersion_IsRefused_WhichTheEnvelopeTakesForAMiss(string name)
    {
        var bytes = Recorded.Read(name).Bytes;
        bytes[0] = 2;

        Assert.Throws<InvalidDataException>(() => Serializer.Deserialize(new ReadOnlySequence<byte>(bytes)));
    }

    internal static StoredEntry Entry(string name) => name switch
    {
        "http-response-1" => StoredEntry.Of(new StoredResponse
        {
            Status = 206,
            Fields = [new("Content-Type", "text/plain"), new("Link", new[] { "</a>", "</b>" })],
            Body = new StoredBody([new BodyPart("b1", 0, [2, 3]), new BodyPart("b2", 6, [4])], completeLength: 10),
            RequestTime = Recorded.Noon,
            ResponseTime = Recorded.Noon.AddSeconds(1),
            InitialAge = TimeSpan.FromSeconds(2),
            Lifetime = TimeSpan.FromSeconds(600),
            Rules = ReuseRules.NeverStale | ReuseRules.Partial,
            StaleWhileRevalidate = TimeSpan.FromSeconds(30),
            StaleIfError = TimeSpan.FromSeconds(60),
            EntityTag = "\"v1\"",
            LastModified = Recorded.Noon.AddDays(-1),
            Epoch = "0123456789abcdef0123456789abcdef",
        }),
        "http-variants-1" => StoredEntry.Of(new VariantIndex("0123456789abcdef0123456789abcdef", ["accept-language", "foo"], [new("en", "v:r:|http://localhost/a 00")])),
        _ => StoredEntry.Unshared,
    };

    internal static string Written(StoredEntry entry)
    {
        ArrayBufferWriter<byte> buffer = new();
        Serializer.Serialize(entry, buffer);
        return Convert.ToHexString(buffer.WrittenSpan);
    }
}
