using System.Text;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>
/// One instance of each short text that keeps coming: names, keys, routes, hosts. Two generations of bounded size: what is
/// used moves on, what is not is forgotten, so a sender of ever new texts costs nothing lasting. Safe for concurrent use.
/// </summary>
internal sealed class StringPool(int generation = 4096)
{
    private const int MaxBytes = 128;

    private readonly Lock _lock = new();
    private HashSet<string> _young = new(StringComparer.Ordinal);
    private HashSet<string> _old = new(StringComparer.Ordinal);

    /// <summary>The text of these bytes; what is no UTF-8 becomes U+FFFD.</summary>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
        if (utf8.Length > MaxBytes)
            return Encoding.UTF8.GetString(utf8);
        Span<char> buffer = stackalloc char[MaxBytes];
        ReadOnlySpan<char> text = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        lock (_lock)
        {
            if (_young.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var known))
                return known;
            if (!_old.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out known))
                known = text.ToString();
            if (_young.Count >= generation)
                (_old, _young) = (_young, new HashSet<string>(StringComparer.Ordinal));
            _young.Add(known);
            return known;
        }
    }
}
