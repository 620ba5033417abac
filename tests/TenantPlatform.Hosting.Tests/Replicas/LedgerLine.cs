namespace TenantPlatform.Hosting.Tests.Replicas;

internal sealed record LedgerLine(Guid Id, string Type, string Asset, decimal Amount, DateTimeOffset At, string Name);
