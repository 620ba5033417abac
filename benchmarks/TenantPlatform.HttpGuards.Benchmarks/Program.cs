using TenantPlatform.CommandLine;
using TenantPlatform.HttpGuards.Benchmarks;

return await new GuardsCommand(Terminal.OfThisProcess()).RunAsync(args);
