using TenantPlatform.CommandLine;
using TenantPlatform.FaultRuns.Workload;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Running;

/// <summary>The running platform with its tenants, used by one run after another.</summary>
internal sealed class Stage : IAsyncDisposable
{
    /// <summary>One connection each: the pools of all tenants in all pods, old and new while they are swapped, share one database server.</summary>
    private const int ConnectionsPerPool = 1;
    private const int CreatedAtOnce = 4;
    private static readonly TimeSpan PrepareLimit = TimeSpan.FromMinutes(5);

    private readonly Terminal _terminal;

    private Stage(RunningPlatform platform, IReadOnlyList<TenantAccount> accounts, Terminal terminal)
    {
        _terminal = terminal;
        Platform = platform;
        Accounts = accounts;
    }

    public RunningPlatform Platform { get; }

    public IReadOnlyList<TenantAccount> Accounts { get; }

    public LedgerJournal Journal { get; } = new();

    public IReadOnlyList<string> Pods => [.. Platform.Ledgers.Select(pod => pod.Name)];

    /// <summary>Starts the platform and makes the tenants.</summary>
    /// <param name="tenants">How many.</param>
    /// <param name="mutant">What is broken on purpose; null: nothing.</param>
    /// <param name="terminal">Told how it ended.</param>
    /// <param name="cancellationToken">Ends what has been started.</param>
    /// <param name="crmPods">How many pods of the CRM run besides.</param>
    /// <param name="podPrograms">The programs of pods that are not started by the one that was built with this; null: all are.</param>
    /// <param name="with">What else is asked of the platform; null: nothing.</param>
    public static async Task<Stage> PrepareAsync(
        int tenants, string? mutant, Terminal terminal, CancellationToken cancellationToken, int crmPods = 0, IReadOnlyDictionary<string, PodProgram>? podPrograms = null,
        Func<PlatformOptions, PlatformOptions>? with = null)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        if (mutant is not null)
            environment["CACHE_MUTANT"] = mutant;
        var options = new PlatformOptions { CrmPods = crmPods, IsValkeyDurable = true, IsSilent = true, PodEnvironment = environment };
        if (podPrograms is not null)
            options = options with { PodPrograms = podPrograms };
        options = with?.Invoke(options) ?? options;
        var platform = await RunningPlatform.StartAsync(options, cancellationToken: cancellationToken);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(PrepareLimit);
            await platform.Resources.CommandAsync("valkey", "empty", limit.Token);
            var accounts = new TenantAccount[tenants];
            await Parallel.ForAsync(
                0,
                tenants,
                new ParallelOptions { MaxDegreeOfParallelism = CreatedAtOnce, CancellationToken = limit.Token },
                async (n, stop) => accounts[n] = await OpenAsync(platform, n, stop));
            return new Stage(platform, accounts, terminal);
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync() => _terminal.Note(await Stopping.EndAsync(Platform));

    private static async Task<TenantAccount> OpenAsync(RunningPlatform platform, int number, CancellationToken cancellationToken)
    {
        var tenant = await platform.TenantManager.CreateTenantAsync($"run{number}", cancellationToken, ConnectionsPerPool);
        var pod = platform.Ledgers[number % platform.Ledgers.Count];
        var books = await Books.OpenAsync(pod, tenant, cancellationToken);
        await books.TransferAsync(pod, "@external/BRL", "@alice", "1000000.00", cancellationToken);
        await books.TransferAsync(pod, "@external/BRL", "@bob", "1000000.00", cancellationToken);
        return new TenantAccount(number, tenant, books);
    }
}
