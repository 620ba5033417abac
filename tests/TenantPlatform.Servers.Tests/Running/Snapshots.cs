using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Servers.Tests.Running;

/// <summary>Reads what a resource shows.</summary>
internal static class Snapshots
{
    public static string Property(CustomResourceSnapshot snapshot, string name) =>
        Convert.ToString(snapshot.Properties.FirstOrDefault(property => property.Name == name)?.Value, CultureInfo.InvariantCulture) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"There is no {name}: {string.Join("; ", snapshot.Properties.Select(property => property.Name))}");

    public static bool IsOver(CustomResourceSnapshot snapshot) => KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text, StringComparer.Ordinal);
}
