namespace TenantPlatform.Hosting.Tests.Replicas;

internal sealed record LedgerPage(IReadOnlyList<LedgerLine> Items, decimal Total, string Signature);
