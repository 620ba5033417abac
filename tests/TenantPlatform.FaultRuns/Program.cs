using TenantPlatform.FaultRuns.Measuring;
using TenantPlatform.FaultRuns.Protocol;
using TenantPlatform.FaultRuns.Reporting;
using TenantPlatform.FaultRuns.Running;

if (WriterOrder.Parse(args) is { } order)
    return await OutsideWriter.RunAsync(order, Console.In, Console.Out);

RunOptions options;
try
{
    options = RunOptions.Parse(args);
}
catch (FormatException exception)
{
    await Console.Error.WriteLineAsync($"{exception.Message}{Environment.NewLine}{RunOptions.Usage}");
    return 2;
}

if (options.Mutant is { } mutant && Mutants.NeedsItsOwnBuild(mutant) && !MutantBuild.IsThis)
    return await MutantBuild.RunAsync(mutant, args);

var report = new Report(Console.Out);
if (options.Suspensions is { } suspensions)
    return await new SuspensionMeasurement(report).RunAsync(options, suspensions);
if (options.StaleReads)
    return await new StaleReadMeasurement(report).RunAsync();

var violations = options.IsProtocol ? await new ProtocolRuns(report).RunAsync(options) : await new FaultRuns(report).RunAsync(options);
report.Line($"violations {violations}");
if (options.Mutant is null)
    return violations > 0 ? 1 : 0;
report.Line(violations > 0 ? $"mutant {options.Mutant}: found" : $"mutant {options.Mutant}: NOT FOUND, the runs are blind to it");
return violations > 0 ? 0 : 1;
