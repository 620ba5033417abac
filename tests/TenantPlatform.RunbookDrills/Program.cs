using TenantPlatform.RunbookDrills.Running;
using TenantPlatform.CommandLine;

return await new AlertsCommand(Terminal.OfThisProcess()).RunAsync(args);
