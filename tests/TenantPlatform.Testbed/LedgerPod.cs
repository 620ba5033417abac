namespace TenantPlatform.Testbed;

/// <summary>One pod of the ledger, or all of them behind the gateway.</summary>
/// <param name="name">Its resource's name.</param>
/// <param name="address">Where it listens.</param>
/// <param name="prefix">What its paths begin with there.</param>
public sealed class LedgerPod(string name, Uri address, string prefix = "") : ServicePod(name, address, prefix + "/v1/organizations?limit=1");
