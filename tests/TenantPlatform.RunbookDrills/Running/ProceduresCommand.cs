using System.CommandLine;
using System.Diagnostics;
using TenantPlatform.CommandLine;
using TenantPlatform.RunbookDrills.Alerts;
using TenantPlatform.RunbookDrills.Procedures;
using TenantPlatform.RunbookDrills.Rules;
using TenantPlatform.Testbed;

namespace TenantPlatform.RunbookDrills.Running;

/// <summary>The command that carries out procedures of the runbook, each on a platform of its own.</summary>
internal sealed class ProceduresCommand : Command
{
    private static readonly Procedure[] All = [Suspending.Emergency, Suspending.Order, Rotating.Token, Restoring.StateDatabase, Rotating.EncryptionKeys];
    private readonly Terminal _terminal;
    private readonly Argument<string[]> _names = new("NAME") { Description = $"Only these: {string.Join(", ", All.Select(static one => one.Name))}", Arity = ArgumentArity.ZeroOrMore };

    public ProceduresCommand(Terminal terminal)
        : base("procedures", "Carries out procedures of docs/runbook.md step by step, under load, and says what it sees.")
    {
        _terminal = terminal;
        Arguments.Add(_names);
        this.SetRun((asked, stop) => RunAsync(asked.GetValue(_names) ?? [], stop));
    }

    private async Task<int> RunAsync(IReadOnlyCollection<string> names, CancellationToken stop)
    {
        var sections = AlertRules.Read().Sections;
        var problems = names.Except(All.Select(static one => one.Name), StringComparer.Ordinal).Select(static name => $"there is no procedure {name}").ToList();
        problems.AddRange(All.Where(one => !sections.Contains(one.Section)).Select(static one => $"{one.Name} is of #{one.Section}, which docs/runbook.md lacks"));
        foreach (var procedure in All.Where(one => names.Count == 0 || names.Contains(one.Name, StringComparer.Ordinal)))
        {
            _terminal.Line($"{procedure.Name} (#{procedure.Section})");
            var clock = Stopwatch.StartNew();
            try
            {
                await using var platform = await RunningPlatform.StartAsync(PlatformFor(), cancellationToken: stop);
                await using var scene = await Scene.OpenAsync(platform, throughGateway: true, stop);
                clock.Restart();
                await procedure.RunAsync(scene, line => _terminal.Line($"   {clock.Elapsed.TotalSeconds,5:0.0} s  {line}"), stop);
            }
            catch (PlatformException exception)
            {
                problems.Add($"{procedure.Name}: {exception.Message}");
                _terminal.Line($"   {clock.Elapsed.TotalSeconds,5:0.0} s  FAILED: {exception.Message}");
            }
        }

        foreach (var problem in problems)
            _terminal.Line($"PROBLEM: {problem}");
        _terminal.Line(problems.Count == 0 ? "every procedure does what the runbook says" : $"{problems.Count} problems");
        return problems.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static PlatformOptions PlatformFor() => new()
    {
        // As in production.
        RevalidationInterval = TimeSpan.FromSeconds(30),
        IsSilent = true,
        ServiceEnvironment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CACHE_ENCRYPTION_KEYS"] = Scene.NewKey("former"),
            ["MULTI_TENANT_DIAGNOSTICS_KEY"] = Scene.DiagnosticsKey,
        },
    };
}
