using Ledger.Benchmarks;
using TenantPlatform.CommandLine;

return await new LedgerCommand(Terminal.OfThisProcess()).RunAsync(args);
