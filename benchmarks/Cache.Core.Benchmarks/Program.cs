using Cache.Core.Benchmarks;
using TenantPlatform.CommandLine;

return await new BenchmarkCommand(Terminal.OfThisProcess()).RunAsync(args);
