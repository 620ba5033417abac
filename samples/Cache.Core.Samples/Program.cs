using Cache.Core.Samples;
using TenantPlatform.CommandLine;

return await Catalog.ToCommand(Console.Out).RunAsync(args);
