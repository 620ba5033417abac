using System.Globalization;
using System.Text;
using Cache.Core.AspNetCore.Fields;

namespace TenantPlatform.Fuzzing.Targets;

/// <summary>Writes members of structured fields (RFC 9651, section 4.1), of which the platform only reads most kinds.</summary>
internal static class StructuredText
{
    public static string Of(StructuredValue value) => value.Kind switch
    {
        StructuredKind.Integer => value.Number.ToString(CultureInfo.InvariantCulture),
        StructuredKind.Date => string.Create(CultureInfo.InvariantCulture, $"@{value.Number}"),
        StructuredKind.Boolean => string.Create(CultureInfo.InvariantCulture, $"?{value.Number}"),
        StructuredKind.String => StructuredField.Quote(value.Text!),
        StructuredKind.Bytes => $":{value.Text}:",
        StructuredKind.DisplayString => Display(value.Text!),
        StructuredKind.InnerList => "()",
        _ => value.Text!,
    };

    private static string Display(string text)
    {
        var written = new StringBuilder("%\"");
        foreach (var one in Encoding.UTF8.GetBytes(text))
        {
            if (one is (byte)'%' or (byte)'"' or < 0x20 or >= 0x7F)
                written.Append(CultureInfo.InvariantCulture, $"%{one:x2}");
            else
                written.Append((char)one);
        }

        return written.Append('"').ToString();
    }
}
