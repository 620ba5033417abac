using System.Runtime.InteropServices;

namespace Cache.Core.AspNetCore.Fields;

/// <summary>A member of a dictionary: what kind it is of, and its text or number.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Number">The value of an integer or a date; 1 for true.</param>
/// <param name="Text">The value of a string, token, byte sequence (as it is written) or decimal.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StructuredValue(StructuredKind Kind, long Number = 0, string? Text = null)
{
    public static StructuredValue True => new(StructuredKind.Boolean, 1);
}
