using System.Globalization;

namespace TenantPlatform.Hosting.Telemetry.Store;

/// <summary>Identifiers as people and the API write them: lower-case hexadecimal digits.</summary>
internal static class TelemetryIds
{
    public static string Of(UInt128 traceId) => traceId.ToString("x32", CultureInfo.InvariantCulture);

    public static string Of(ulong spanId) => spanId.ToString("x16", CultureInfo.InvariantCulture);

    public static bool TryParseTrace(string? text, out UInt128 traceId)
    {
        traceId = 0;
        return text?.Length == 32 && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out traceId);
    }

    public static bool TryParseSpan(string? text, out ulong spanId)
    {
        spanId = 0;
        return text?.Length == 16 && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out spanId);
    }
}
