using System.Globalization;

namespace TenantPlatform.Testbed;

/// <summary>A ledger of one tenant with two accounts in BRL, @alice and @bob.</summary>
public sealed class Books
{
    private readonly Tenant _tenant;
    private readonly string _path;
    private readonly Dictionary<string, string> _accounts;

    private Books(Tenant tenant, string organization, string ledger, Dictionary<string, string> accounts)
    {
        _tenant = tenant;
        (Organization, Ledger) = (organization, ledger);
        _path = $"/v1/organizations/{organization}/ledgers/{ledger}";
        _accounts = accounts;
    }

    public static async Task<Books> OpenAsync(LedgerPod pod, Tenant tenant, CancellationToken cancellationToken)
    {
        var organization = await pod.PostAsync(
            "/v1/organizations", tenant, new { legalName = "Acme", legalDocument = "12345678000195" }, cancellationToken);
        var organizationId = organization.GetProperty("id").GetString()!;
        var ledger = await pod.PostAsync($"/v1/organizations/{organizationId}/ledgers", tenant, new { name = "Main" }, cancellationToken);
        var ledgerId = ledger.GetProperty("id").GetString()!;
        var path = $"/v1/organizations/{organizationId}/ledgers/{ledgerId}";
        await pod.PostAsync($"{path}/assets", tenant, new { name = "Real", type = "currency", code = "BRL" }, cancellationToken);

        var accounts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var alias in new[] { "@alice", "@bob" })
        {
            var account = await pod.PostAsync(
                $"{path}/accounts", tenant, new { name = alias, assetCode = "BRL", type = "deposit", alias }, cancellationToken);
            accounts[alias] = account.GetProperty("id").GetString()!;
        }

        return new Books(tenant, organizationId, ledgerId, accounts);
    }

    /// <summary>The organization's id.</summary>
    public string Organization { get; }

    /// <summary>The ledger's id.</summary>
    public string Ledger { get; }

    /// <summary>Where transactions of this ledger are sent.</summary>
    public string Transactions => $"{_path}/transactions/json";

    /// <summary>The body of a transfer.</summary>
    public static object Transfer(string from, string to, string value, string description = "transfer") => new
    {
        description,
        send = new
        {
            asset = "BRL",
            value,
            source = new { from = new[] { new { accountAlias = from, amount = new { asset = "BRL", value } } } },
            distribute = new { to = new[] { new { accountAlias = to, amount = new { asset = "BRL", value } } } },
        },
    };

    /// <summary>An account's id.</summary>
    public string Account(string alias) => _accounts[alias];

    public Task TransferAsync(LedgerPod pod, string from, string to, string value, CancellationToken cancellationToken) =>
        pod.PostAsync(Transactions, _tenant, Transfer(from, to, value), cancellationToken);

    public async Task<decimal> AvailableAsync(LedgerPod pod, string alias, CancellationToken cancellationToken)
    {
        var balances = await pod.GetAsync($"{_path}/accounts/{_accounts[alias]}/balances", _tenant, cancellationToken);
        var available = balances.GetProperty("items").EnumerateArray().Single().GetProperty("available");
        return decimal.Parse(available.ToString(), CultureInfo.InvariantCulture);
    }
}
