using System.Text.Json.Serialization;

namespace Crm.Api.Ledgers;

/// <summary>What the ledger says of an account, or why it says nothing.</summary>
/// <param name="State">One of the constants.</param>
/// <param name="Account">The account; null unless it is there.</param>
internal sealed record LedgerAnswer(string State, LedgerAccount? Account = null)
{
    /// <summary>The ledger has the account.</summary>
    public const string Confirmed = "CONFIRMED";

    /// <summary>The ledger has no such account.</summary>
    public const string Unknown = "UNKNOWN";

    /// <summary>The ledger does not serve this tenant at present, or not so fast.</summary>
    public const string Refused = "REFUSED";

    /// <summary>The ledger has not answered in time.</summary>
    public const string Unavailable = "UNAVAILABLE";

    [JsonIgnore]
    public bool IsConfirmed => State == Confirmed;
}
