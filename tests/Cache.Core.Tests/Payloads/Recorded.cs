using System.Buffers;
using System.Text.Json;
using Cache.Core.Formats;
using Cache.Core.Tagging;
using Cache.Core.Valkey;
using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Payloads;

/// <summary>What this project's recorded payloads have in common: a value, keys that encrypt, the formats of today.</summary>
internal static class Recorded
{
    /// <summary>Those of the recorded payloads, and of nothing else.</summary>
    public const string EncryptionKeysOfTests = "second:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=,first:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

    private const string Project = "Cache.Core.Tests";

    public static EncryptionKeys Keys => EncryptionKeys.Parse(EncryptionKeysOfTests)!;

    public static PlainJsonFormat Plain { get; } = new(JsonSerializerOptions.Web);

    /// <summary>As a service has it that registers no serializer of its own.</summary>
    public static EnvelopeFormat Envelope { get; } = new(new RegisteredSerializers(new ServiceCollection().BuildServiceProvider(), json: null));

    public static RecordedPayload Read(string name) => RecordedPayload.Read(Project, name);

    public static IReadOnlyList<string> Names => RecordedPayload.NamesIn(Project);

    /// <summary>What the format of today writes, as hexadecimal digits.</summary>
    public static string Written<T>(IValueFormat format, string key, T value, params IReadOnlyList<TagStamp> tags)
    {
        var buffer = new ArrayBufferWriter<byte>();
        format.Write(key, value, tags, buffer);
        return Convert.ToHexString(buffer.WrittenSpan);
    }

    /// <summary>Puts the strings of a payload where they were; a test of hashes needs a real server.</summary>
    public static async Task RestoreAsync(this ICacheClient client, RecordedPayload payload)
    {
        foreach (var one in payload.Keys)
            await client.SetAsync(one.Key, one.Bytes, TimeSpan.FromHours(1));
    }
}
