using Microsoft.Extensions.Logging;

namespace TenantPlatform.TestKit;

/// <summary>One logged line, with everything that a sink would see.</summary>
/// <param name="Category">The logger's name.</param>
/// <param name="Level">Its level.</param>
/// <param name="Message">The formatted message.</param>
/// <param name="Properties">The structured values, with those of the scopes around.</param>
/// <param name="Exception">The exception, if any.</param>
public sealed record LogLine(
    string Category,
    LogLevel Level,
    string Message,
    IReadOnlyList<KeyValuePair<string, object?>> Properties,
    Exception? Exception)
{
    /// <summary>The attribute <c>tenant.id</c>.</summary>
    public string? Tenant => Properties.FirstOrDefault(property => property.Key == "tenant.id").Value as string;

    /// <summary>All of it as text.</summary>
    public override string ToString() =>
        $"{Level} {Category}: {Message} [{string.Join(", ", Properties.Select(property => $"{property.Key}={property.Value}"))}] {Exception}";
}
