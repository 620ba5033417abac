using System.Text;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>What the readers of one message share: its limits and the pool of texts. Not for concurrent use.</summary>
internal sealed class DecodingContext(OtlpLimits limits, StringPool pool)
{
    private const string Cut = "…";
    private int _records;

    public OtlpLimits Limits => limits;

    /// <summary>Counts a span, log record or data point.</summary>
    /// <exception cref="MalformedMessageException">There are too many.</exception>
    public void CountRecord()
    {
        if (++_records > limits.MaxRecords)
            throw new MalformedMessageException($"The message has more than {limits.MaxRecords} records: send smaller batches.");
    }

    public string Name(ReadOnlySpan<byte> utf8) => Text(utf8, limits.MaxNameBytes);

    public string Text(ReadOnlySpan<byte> utf8) => Text(utf8, limits.MaxTextBytes);

    private string Text(ReadOnlySpan<byte> utf8, int limit)
    {
        if (utf8.Length <= limit)
            return pool.Get(utf8);
        var end = limit;
        while (end > 0 && (utf8[end] & 0xC0) == 0x80)
            end--;
        return Encoding.UTF8.GetString(utf8[..end]) + Cut;
    }
}
