namespace TenantPlatform.FaultRuns.Running;

/// <summary>What the command line asks for.</summary>
internal sealed record RunOptions
{
    public SeedRange Seeds { get; init; } = new(1, 3);

    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(30);

    public int Tenants { get; init; } = 50;

    public int Rate { get; init; } = 150;

    public string? Mutant { get; init; }

    public int? Suspensions { get; init; }

    public bool IsWithCrm { get; init; }

    public bool IsWithGateway { get; init; }

    public bool StaleReads { get; init; }

    public bool IsProtocol { get; init; }

    /// <summary>The checkout of another version whose pods run beside this one's; null: there is only one.</summary>
    public string? Beside { get; init; }

    /// <summary>For how many minutes the platform is soaked; null: it is not.</summary>
    public int? Soak { get; init; }

    public bool IsMarkdown { get; init; }
}
