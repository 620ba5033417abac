using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Servers;

/// <summary>How often a Valkey saves its data.</summary>
internal sealed record ValkeyPersistenceAnnotation(TimeSpan Interval, long KeysChanged) : IResourceAnnotation
{
    /// <summary>As Valkey's <c>save</c> reads it.</summary>
    public string Setting => string.Create(CultureInfo.InvariantCulture, $"{(long)Interval.TotalSeconds} {KeysChanged}");
}
