using System.Text.Json;

namespace TenantPlatform.Testbed;

/// <summary>One pod of the CRM.</summary>
public sealed class CrmPod(string name, Uri address) : ServicePod(name, address, $"/v1/organizations/{Guid.Empty}/holders?limit=1")
{
    /// <summary>Creates a holder in an organization; returns where its accounts are linked.</summary>
    public async Task<string> CreateHolderAsync(Tenant tenant, string organization, CancellationToken cancellationToken)
    {
        var holders = $"/v1/organizations/{organization}/holders";
        var holder = await PostAsync(holders, tenant, new { type = "NATURAL_PERSON", name = "Ana", document = "123.456.789-09" }, cancellationToken);
        return $"{holders}/{holder.GetProperty("id").GetString()}/accounts";
    }

    /// <summary>Links an account of the ledger; returns what the CRM says of it.</summary>
    public Task<JsonElement> LinkAsync(Tenant tenant, string accounts, string ledger, string account, CancellationToken cancellationToken) =>
        PostAsync(accounts, tenant, new { ledgerId = ledger, accountId = account }, cancellationToken);
}
