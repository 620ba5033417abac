namespace TenantPlatform.RunbookDrills.Monitoring;

/// <summary>What a metric is, as far as its name depends on it.</summary>
internal enum MetricKind
{
    /// <summary>It goes up and down, and each value stands for itself.</summary>
    Gauge,

    /// <summary>It goes up only.</summary>
    Counter,

    /// <summary>A sum that goes up and down, or a histogram.</summary>
    Other,
}
