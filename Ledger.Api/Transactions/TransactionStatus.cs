namespace Ledger.Api.Transactions;

/// <summary>The states of a transaction.</summary>
internal static class TransactionStatus
{
    /// <summary>Its money is held at the sources.</summary>
    public const string Pending = "PENDING";

    /// <summary>Its money has moved.</summary>
    public const string Approved = "APPROVED";

    /// <summary>Its money was given back.</summary>
    public const string Canceled = "CANCELED";
}
