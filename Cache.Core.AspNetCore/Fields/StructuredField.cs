using System.Globalization;
using System.Text;

namespace Cache.Core.AspNetCore.Fields;

/// <summary>Writing of structured fields.</summary>
internal static class StructuredField
{
    /// <summary>A string, quoted; what a string cannot hold is left out.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var letter in text)
        {
            if (letter is '"' or '\\')
                quoted.Append('\\');
            if (letter is >= ' ' and < (char)127)
                quoted.Append(letter);
        }

        return quoted.Append('"').ToString();
    }

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
