using TenantPlatform.CommandLine;
using TenantPlatform.FaultRuns.Measuring;
using TenantPlatform.FaultRuns.Protocol;
using TenantPlatform.FaultRuns.Reporting;
using TenantPlatform.FaultRuns.Running;
using TenantPlatform.FaultRuns.Soak;
using TenantPlatform.FaultRuns.Versions;

return await new RunCommand(RunAsync) { OutsideWriter.ToCommand() }.RunAsync(args);

static async Task<int> RunAsync(RunOptions options, IReadOnlyList<string> arguments, CancellationToken stop)
{
    if (options.Mutant is { } mutant && Mutants.NeedsItsOwnBuild(mutant) && !MutantBuild.IsThis)
        return await MutantBuild.RunAsync(mutant, arguments);

    var terminal = Terminal.OfThisProcess();
    if (options.Suspensions is { } suspensions)
        return await new SuspensionMeasurement(terminal).RunAsync(options, suspensions, stop);
    if (options.StaleReads)
        return await new StaleReadMeasurement(terminal).RunAsync(stop);

    var report = new Report(terminal);
    var violations = options switch
    {
        { IsProtocol: true } => await new ProtocolRuns(report).RunAsync(options, stop),
        { Soak: { } minutes } => await new SoakRun(report, new SoakTerms(), new SoakFiles(Path.GetFullPath("artifacts/soak"))).RunAsync(TimeSpan.FromMinutes(minutes), stop),
        { Beside: { } other } => await new VersionRuns(report).RunAsync(options, other, stop),
        _ => await new FaultRuns(report).RunAsync(options, stop),
    };
    terminal.Line($"violations {violations}");
    if (options.Mutant is null)
        return violations > 0 ? ExitCode.Failure : ExitCode.Success;
    terminal.Line(violations > 0 ? $"mutant {options.Mutant}: found" : $"mutant {options.Mutant}: NOT FOUND, the runs are blind to it");
    return violations > 0 ? ExitCode.Success : ExitCode.Failure;
}
