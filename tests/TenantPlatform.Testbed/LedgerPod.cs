namespace TenantPlatform.Testbed;

/// <summary>One pod of the ledger.</summary>
public sealed class LedgerPod(string name, Uri address) : ServicePod(name, address, "/v1/organizations?limit=1");
