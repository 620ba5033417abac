using System.Text;
using TenantPlatform.HttpGuards.Idempotency;
using TenantPlatform.TestKit;

namespace TenantPlatform.HttpGuards.Tests.Payloads;

/// <summary>Idempotency keys' records as every version has stored them.</summary>
public sealed class RecordPayloadTests
{
    private const string Project = "TenantPlatform.HttpGuards.Tests";

    [Fact]
    public void EveryRecordedPayload_IsReadByATest() => Assert.Equal(RecordedPayload.NamesIn(Project), RecordedPayload.NamesReadBy(typeof(RecordPayloadTests)));

    [Theory]
    [InlineData("idempotency-processing")]
    [InlineData("idempotency-complete")]
    [InlineData("idempotency-complete-too-long")]
    public void Record_IsRead_AndStillWrittenSo(string name)
    {
        var recorded = RecordedPayload.Read(Project, name);
        var expected = name switch
        {
            "idempotency-processing" => new IdempotencyRecord(IdempotencyRecord.Processing, "f", "0123456789abcdef0123456789abcdef"),
            "idempotency-complete" => new IdempotencyRecord(
                IdempotencyRecord.Complete, "f", Holder: string.Empty, new StoredAnswer(201, new Dictionary<string, string[]>(StringComparer.Ordinal) { ["Content-Type"] = ["text/plain"] }, "ok"u8.ToArray())),
            _ => new IdempotencyRecord(IdempotencyRecord.Complete, "f", Holder: string.Empty),
        };

        var read = IdempotencyRecord.TryRead(recorded.Bytes)!;

        Assert.Equal(recorded.Text, Encoding.UTF8.GetString(expected.ToBytes()));
        Assert.Equal(recorded.Text, Encoding.UTF8.GetString(read.ToBytes()));
    }

    /// <summary>A field that a later version adds is no obstacle; a state that nobody knows is no record, and its request is refused, not done twice.</summary>
    [Theory]
    [InlineData("{\"state\":\"processing\",\"fingerprint\":\"f\",\"holder\":\"h\",\"later\":{\"a\":1}}", true)]
    [InlineData("{\"state\":\"paused\",\"fingerprint\":\"f\",\"holder\":\"h\"}", false)]
    [InlineData("{\"version\":2}", false)]
    public void RecordOfALaterVersion_IsReadOrNone_AndNeverAnException(string stored, bool isRead) =>
        Assert.Equal(isRead, IdempotencyRecord.TryRead(Encoding.UTF8.GetBytes(stored)) is not null);
}
