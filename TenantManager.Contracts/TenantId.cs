using System.Diagnostics.CodeAnalysis;

namespace TenantManager.Contracts;

/// <summary>
/// A tenant's identifier in its canonical form: safe in a cache key, a path and an event.
/// A UUID, dashed or not, is 32 lower-case hex digits; any other id keeps its spelling and case.
/// </summary>
/// <remarks>
/// 1 to 256 characters; the first is <c>[0-9A-Za-z]</c>, the others <c>[0-9A-Za-z_-]</c>.
/// <c>urn:uuid:</c> and braced forms are refused. Immutable and safe for concurrent use.
/// </remarks>
public readonly record struct TenantId
{
    /// <summary>The longest accepted id, in characters.</summary>
    public const int MaxLength = 256;

    private readonly string? _value;

    private TenantId(string value) => _value = value;

    /// <summary>The canonical text; empty for <c>default</c>, which names no tenant.</summary>
    public string Value => _value ?? string.Empty;

    /// <summary>Reads an id.</summary>
    /// <exception cref="FormatException">The text is not a valid tenant id; the message says why and never repeats the text.</exception>
    public static TenantId Parse(string? text) =>
        TryParse(text, out var id)
            ? id
            : throw new FormatException(
                $"The tenant id is invalid: expected 1 to {MaxLength} characters, a letter or digit first, then letters, digits, '_' or '-'.");

    /// <summary>Reads an id, or reports that the text is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TenantId id)
    {
        id = default;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength || !char.IsAsciiLetterOrDigit(text[0]))
            return false;
        foreach (var c in text.AsSpan(1))
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-'))
                return false;
        }

        id = new TenantId(Canonicalize(text));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    // Not Guid.TryParseExact: for compatibility it reads "0x" inside a group, so two ids could fall together.
    private static string Canonicalize(string text) => text.Length switch
    {
        32 when IsHex(text) => text.ToLowerInvariant(),
        36 when IsDashedUuid(text) => text.Replace("-", string.Empty, StringComparison.Ordinal).ToLowerInvariant(),
        _ => text,
    };

    private static bool IsDashedUuid(ReadOnlySpan<char> text) =>
        text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-'
        && IsHex(text[..8]) && IsHex(text[9..13]) && IsHex(text[14..18]) && IsHex(text[19..23]) && IsHex(text[24..]);

    private static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigit(c))
                return false;
        }

        return true;
    }
}
