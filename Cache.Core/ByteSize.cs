using System.Globalization;

namespace Cache.Core;

/// <summary>An amount of memory, such as <c>64 MB</c>.</summary>
/// <param name="Bytes">The amount in bytes.</param>
/// <remarks>A kilobyte has 1024 bytes. Immutable.</remarks>
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    private const long Kilo = 1024;
    private static readonly (string Unit, long Factor)[] Units = [("GB", Kilo * Kilo * Kilo), ("MB", Kilo * Kilo), ("KB", Kilo), ("B", 1)];

    /// <summary>No bound at all.</summary>
    public static ByteSize Unlimited => new(long.MaxValue);

    /// <summary>A number is an amount in bytes.</summary>
    public static implicit operator ByteSize(long bytes) => new(bytes);

    /// <summary>What the operator does, by name.</summary>
    public static ByteSize FromInt64(long bytes) => new(bytes);

    /// <summary>So many kilobytes.</summary>
    public static ByteSize FromKilobytes(long kilobytes) => new(checked(kilobytes * Kilo));

    /// <summary>So many megabytes.</summary>
    public static ByteSize FromMegabytes(long megabytes) => new(checked(megabytes * Kilo * Kilo));

    /// <summary>Reads a size: digits, then <c>B</c>, <c>KB</c>, <c>MB</c>, <c>GB</c> or nothing for bytes.</summary>
    /// <exception cref="FormatException">It is none; the message says what is expected.</exception>
    public static ByteSize Parse(string text)
    {
        var trimmed = text?.Trim() ?? string.Empty;
        foreach (var (unit, factor) in Units)
        {
            if (trimmed.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
                return Read(trimmed.AsSpan(0, trimmed.Length - unit.Length).TrimEnd(), factor);
        }

        return Read(trimmed, 1);
    }

    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>Whether one is smaller than the other.</summary>
    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    /// <summary>Whether one is larger than the other.</summary>
    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    /// <summary>Whether one is no larger than the other.</summary>
    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    /// <summary>Whether one is no smaller than the other.</summary>
    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;

    /// <summary>The size in the largest unit that needs no fraction.</summary>
    public override string ToString()
    {
        foreach (var (unit, factor) in Units)
        {
            if (Bytes != 0 && Bytes % factor == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{Bytes / factor} {unit}");
        }

        return "0 B";
    }

    private static ByteSize Read(ReadOnlySpan<char> digits, long factor) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue / factor
            ? new ByteSize(number * factor)
            : throw new FormatException("A size has digits and then B, KB, MB or GB, such as '64 MB'.");
}
