namespace TenantPlatform.FaultRuns.Soak;

/// <summary>What a soak asks of the platform, and how it is looked at.</summary>
internal sealed record SoakTerms
{
    /// <summary>How many tenants pass through it in a second: a million in two hours.</summary>
    public int TenantsPerSecond { get; init; } = 140;

    /// <summary>Tenants that stay, with books, under requests, changes and faults.</summary>
    public int Tenants { get; init; } = 20;

    /// <summary>Their requests a second, over all pods.</summary>
    public int Rate { get; init; } = 20;

    /// <summary>How long a round is, after which what it has shown is checked.</summary>
    public TimeSpan Round { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often it is looked at everything.</summary>
    public TimeSpan SampleEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>One in so many of a schedule's faults is made, so there is one a minute: what grows is to be seen between them.</summary>
    public int OneFaultIn { get; init; } = 12;

    /// <summary>
    /// How long configuration lies in L2. Twelve hours are longer than a soak: what passes through would be held to the end, and
    /// whether it ever goes would not be seen.
    /// </summary>
    public TimeSpan L2TimeToLive { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Faults that end a process which is looked at, or empty it, are over after this share of the time.</summary>
    public double UnsettledShare { get; init; } = 0.25;
}
