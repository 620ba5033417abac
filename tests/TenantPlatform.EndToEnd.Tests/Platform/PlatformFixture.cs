using Aspire.Hosting;
using TenantPlatform.EndToEnd.Tests.Evidence;

namespace TenantPlatform.EndToEnd.Tests.Platform;

/// <summary>The running platform that the scenarios share.</summary>
public class PlatformFixture : IAsyncLifetime
{
    public const int Pods = 3;
    public const int CrmPods = 2;

    /// <summary>How often a pod revalidates each connected tenant in these tests.</summary>
    public static readonly TimeSpan RevalidationInterval = TimeSpan.FromSeconds(1);

    private RunningPlatform? _platform;

    public DistributedApplication App => Running.App;

    public Testbed.TenantManager TenantManager => Running.TenantManager;

    public ResourceControl Resources => Running.Resources;

    public IReadOnlyList<LedgerPod> Ledgers => Running.Ledgers;

    public IReadOnlyList<CrmPod> Crms => Running.Crms;

    /// <inheritdoc cref="RunningPlatform.Gateway"/>
    public LedgerPod Gateway => Running.Gateway;

    public TimeSpan TimeToHealthy => Running.TimeToHealthy;

    private RunningPlatform Running => _platform ?? throw new InvalidOperationException("The platform has not started.");

    protected virtual PlatformOptions Options => new() { Pods = Pods, CrmPods = CrmPods, RevalidationInterval = RevalidationInterval, HasLastKnownGood = true };

    public async Task InitializeAsync() => _platform = await RunningPlatform.StartAsync(Options, ResourceLogs.Follow);

    public async Task DisposeAsync()
    {
        ResourceLogs.Keep();
        if (_platform is not null)
            await _platform.DisposeAsync();
    }

    /// <inheritdoc cref="RunningPlatform.OpenValkeyAsync"/>
    public Task<ValkeyProbe> OpenValkeyAsync(CancellationToken cancellationToken) => Running.OpenValkeyAsync(cancellationToken);

    /// <inheritdoc cref="RunningPlatform.OpenNodeAsync"/>
    public Task<ValkeyProbe> OpenNodeAsync(string node, CancellationToken cancellationToken) => Running.OpenNodeAsync(node, cancellationToken);

    /// <inheritdoc cref="RunningPlatform.OpenPostgresAsync"/>
    public Task<PostgresProbe> OpenPostgresAsync(CancellationToken cancellationToken) => Running.OpenPostgresAsync(cancellationToken);

    /// <inheritdoc cref="RunningPlatform.OpenPod"/>
    public LedgerPod OpenPod(string name) => Running.OpenPod(name);
}
