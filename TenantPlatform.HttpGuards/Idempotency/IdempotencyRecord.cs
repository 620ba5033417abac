using System.Text.Json;
using System.Text.Json.Serialization;

namespace TenantPlatform.HttpGuards.Idempotency;

/// <summary>What lies in Valkey under a key.</summary>
/// <param name="State"><see cref="Processing"/> or <see cref="Complete"/>.</param>
/// <param name="Fingerprint">Of the request.</param>
/// <param name="Holder">Who holds the key: of two records for the same request only one's holder may change it.</param>
/// <param name="Answer">What the request was answered; null while it is not, and when the answer was too long.</param>
internal sealed record IdempotencyRecord(string State, string Fingerprint, string Holder, StoredAnswer? Answer = null)
{
    public const string Processing = "processing";
    public const string Complete = "complete";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <summary>Reads a record; null when it is none.</summary>
    public static IdempotencyRecord? TryRead(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<IdempotencyRecord>(bytes, Json) is
            {
                State: Processing or Complete, Fingerprint: not null, Answer: null or { Status: >= 100 and <= 599, Headers: not null, Body: not null },
            } record ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
