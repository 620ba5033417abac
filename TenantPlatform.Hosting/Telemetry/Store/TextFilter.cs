namespace TenantPlatform.Hosting.Telemetry.Store;

/// <summary>Looks for a text in what was received, ignoring case.</summary>
internal static class TextFilter
{
    public static bool Matches(string? value, string text) => value is not null && value.Contains(text, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the text is in a value of type string, or is the value of another type.</summary>
    public static bool Matches(TelemetryAttribute[] attributes, string text)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Value switch
            {
                string value => Matches(value, text),
                var other => string.Equals(other.ToString(), text, StringComparison.OrdinalIgnoreCase),
            })
            {
                return true;
            }
        }

        return false;
    }
}
