using System.CommandLine;
using System.Globalization;
using TenantPlatform.CommandLine;
using TenantPlatform.RunbookDrills.Alerts;
using TenantPlatform.RunbookDrills.Monitoring;
using TenantPlatform.RunbookDrills.Rules;
using TenantPlatform.Testbed;

namespace TenantPlatform.RunbookDrills.Running;

/// <summary>The command: starts everything, executes the drills, prints the table.</summary>
internal sealed class AlertsCommand : RootCommand
{
    private const int UsualFactor = 30;
    private static readonly TimeSpan Production = TimeSpan.FromSeconds(300);

    private static readonly AlertDrill[] Drills =
    [
        ServiceDrills.PoolsUsedUp, ValkeyDrills.Tampered, ValkeyDrills.Emptied, ServiceDrills.AnswerLost, ValkeyDrills.ClientsDropped,
        ServiceDrills.Invalidated, ValkeyDrills.Killed, ServiceDrills.ManagerStopped, ServiceDrills.CutOff,
    ];

    private readonly Terminal _terminal;

    private readonly Option<int> _factor = WholeNumber.Option("--factor", "How many times shorter all durations of the rules are", most: 300, UsualFactor);

    private readonly Argument<string[]> _alerts = new("ALERT") { Description = "Only the drills of these alerts", Arity = ArgumentArity.ZeroOrMore };

    public AlertsCommand(Terminal terminal)
        : base("""
            Lets every alert of the chart fire on the running platform, and end again, watched by a real Prometheus.
            Exits with 0 when each did, 1 when one did not, 2 when nothing was run.
            """)
    {
        _terminal = terminal;
        Options.Add(_factor);
        Arguments.Add(_alerts);
        Subcommands.Add(new ProceduresCommand(terminal));
        this.SetRun((asked, stop) => RunAsync(asked.GetValue(_factor), asked.GetValue(_alerts) ?? [], stop));
    }

    private async Task<int> RunAsync(int factor, IReadOnlyCollection<string> only, CancellationToken stop)
    {
        var rules = AlertRules.Read();
        var speed = new Speed(factor);
        var problems = new List<string>();
        var drills = Drills.Where(drill => only.Count == 0 || drill.Alerts.Any(only.Contains)).ToList();
        problems.AddRange(only.Except(rules.All.Select(static rule => rule.Name), StringComparer.Ordinal).Select(static name => $"there is no alert {name}"));
        problems.AddRange(rules.All.Where(rule => !Drills.Any(drill => drill.Alerts.Contains(rule.Name))).Select(static rule => $"no drill lets {rule.Name} fire"));
        problems.AddRange(rules.All.Where(rule => !rules.Sections.Contains(rule.Section)).Select(static rule => $"{rule.Name} leads to #{rule.Section}, which docs/runbook.md lacks"));

        await using var bridge = await OtlpBridge.StartAsync(speed.LookbackDelta, stop);
        await using var prometheus = await PrometheusServer.StartAsync(speed.Shorten(rules.Text), bridge.Target, speed, stop);
        _terminal.Line($"Prometheus {prometheus.Version}; every duration divided by {factor}: evaluated every {speed.EvaluationInterval.TotalSeconds:0.##} s, metrics sent every {speed.ExportInterval.TotalSeconds:0.##} s");
        await using var platform = await RunningPlatform.StartAsync(PlatformFor(bridge, speed), cancellationToken: stop);
        await platform.Resources.StartAsync("observer", stop);
        await using var scene = await Scene.OpenAsync(platform, throughGateway: false, stop);
        _terminal.Line($"the platform was healthy after {platform.TimeToHealthy.TotalSeconds:0} s");

        var runner = new DrillRunner(prometheus, scene, _terminal.Line);

        // As long as the longest window and what must be quiet before it; of some alerts alone it is not asked.
        var quiet = TimeSpan.FromMinutes(only.Count == 0 ? 70 : 10) / factor;
        problems.AddRange((await runner.QuietAsync(quiet, stop)).Select(static name => $"{name} fired under ordinary load"));
        _terminal.Line($"ordinary load for {quiet.TotalSeconds:0} s: {scene.Load.Served} requests served, {scene.Load.Others} not; {(problems.Count == 0 ? "no alert fired" : string.Join("; ", problems))}");

        problems.AddRange(await NameCheck.ArrivedAsync(prometheus, stop));
        var results = new List<DrillResult>();
        foreach (var drill in drills)
        {
            _terminal.Line(drill.Cause);
            try
            {
                results.AddRange(await runner.RunAsync(drill, stop));
            }
            catch (PlatformException exception)
            {
                problems.Add($"{drill.Cause}: {exception.Message}");
            }
        }

        if (only.Count == 0)
        {
            await RefuseAsync(scene, stop);
            await runner.QuietAsync(2 * speed.EvaluationInterval, stop);
            problems.AddRange(await NameCheck.RunAsync(prometheus, rules, stop));
        }

        problems.AddRange(results.Where(static result => result.FiredAfter is null).Select(static result => $"{result.Alert} did not fire: {result.Cause}"));
        problems.AddRange(results.Where(static result => result.FiredAfter is not null && result.ResolvedAfter is null).Select(static result => $"{result.Alert} did not end"));
        Print(results, rules);
        foreach (var problem in problems)
            _terminal.Line($"PROBLEM: {problem}");
        _terminal.Line(problems.Count == 0 ? $"{results.Count} alerts fired and were resolved" : $"{problems.Count} problems");
        return problems.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>Something for the dashboard to show that no drill does: a request that is refused.</summary>
    private static async Task RefuseAsync(Scene scene, CancellationToken stop)
    {
        var tenant = await scene.Platform.TenantManager.CreateTenantAsync("refused", stop);
        await scene.Platform.TenantManager.SuspendAsync(tenant, stop);
        await scene.Platform.Ledgers[0].RequestAsync(tenant, stop);
    }

    private static PlatformOptions PlatformFor(OtlpBridge bridge, Speed speed) => new()
    {
        // As in production: the thresholds of alerts are about it.
        RevalidationInterval = TimeSpan.FromSeconds(30),
        CrmPods = 1,
        IsSilent = true,
        Telemetry = new Telemetry(bridge.OtlpEndpoint, speed.ExportInterval),
        ServiceEnvironment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CACHE_ENCRYPTION_KEYS"] = Scene.NewKey("drill"),
        },
        PodEnvironment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MULTI_TENANT_MAX_TENANT_POOLS"] = Scene.MaxPools.ToString(CultureInfo.InvariantCulture),
            ["MULTI_TENANT_IDLE_TIMEOUT_SEC"] = Seconds(Production / speed.Factor),
            ["MULTI_TENANT_CACHE_L1_TTL_SEC"] = Seconds(Production / speed.Factor),
        },
    };

    private static string Seconds(TimeSpan time) => Math.Max(1, time.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);

    private void Print(IReadOnlyList<DrillResult> results, AlertRules rules)
    {
        _terminal.Line("| alert | cause | fired after | resolved after | runbook |");
        _terminal.Line("|---|---|---|---|---|");
        foreach (var rule in rules.All)
        {
            foreach (var result in results.Where(result => result.Alert == rule.Name))
                _terminal.Line($"| {result.Alert} | {result.Cause} | {Text(result.FiredAfter)} | {Text(result.ResolvedAfter)} | #{rule.Section} |");
        }

        static string Text(TimeSpan? time) => time is { } known ? $"{known.TotalSeconds:0} s" : "never";
    }
}
