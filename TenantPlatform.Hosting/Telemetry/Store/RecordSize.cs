namespace TenantPlatform.Hosting.Telemetry.Store;

/// <summary>
/// Estimates what a record occupies, so that a store can be bounded in bytes. Too high rather than too low: names that are
/// shared between records count for each.
/// </summary>
internal static class RecordSize
{
    private const int StringHeader = 24;
    private const int ArrayHeader = 24;
    private const int AttributeSlot = 16;
    private const int Box = 24;

    public static int Of(string? text) => text is null ? 0 : StringHeader + (2 * text.Length);

    public static int Of(TelemetryAttribute[] attributes)
    {
        if (attributes.Length == 0)
            return 0;
        var size = ArrayHeader;
        foreach (var attribute in attributes)
            size += AttributeSlot + Of(attribute.Key) + (attribute.Value is string text ? Of(text) : Box);
        return size;
    }
}
