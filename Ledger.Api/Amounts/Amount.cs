using System.Globalization;

namespace Ledger.Api.Amounts;

/// <summary>What amounts may be: decimal notation, at most 18 decimals, below 10^10 in magnitude, so that every sum stays exact.</summary>
/// <remarks>28 significant digits is what <see cref="decimal"/> keeps exactly: 10 before the point and 18 after it.</remarks>
internal static class Amount
{
    public const int MostDecimals = 18;
    public const decimal Limit = 10_000_000_000m;

    /// <summary>Names the limit: who meets it must know that nothing was rounded, and what else there is.</summary>
    public const string Expected =
        "must be a decimal such as '10.50' without an exponent, below 10000000000 and with at most 18 decimals (28 digits in all, which are kept exactly): "
        + "round it to the asset's scale, split it into several transactions, or count the asset in a larger unit";

    /// <summary>Reads an amount without losing a digit.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out decimal amount)
    {
        amount = 0;
        if (text.Length is 0 or > 64)
            return false;
        var point = text.IndexOf('.');
        var decimals = point < 0 ? 0 : text.Length - point - 1;
        return decimals <= MostDecimals
            && point != 0
            && (point < 0 || decimals > 0)

            // What parses lets NULs through at the end.
            && char.IsAsciiDigit(text[^1])
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out amount)
            && Math.Abs(amount) < Limit;
    }

    /// <summary>Writes an amount without an exponent and without zeros that say nothing.</summary>
    public static string Format(decimal amount) => amount.ToString("0.##################", CultureInfo.InvariantCulture);
}
