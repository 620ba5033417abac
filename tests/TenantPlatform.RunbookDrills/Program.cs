using TenantPlatform.CommandLine;
using TenantPlatform.RunbookDrills.Running;

return await new AlertsCommand(Terminal.OfThisProcess()).RunAsync(args);
