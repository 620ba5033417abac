namespace Ledger.Api.Transactions;

/// <summary>What an operation does to a balance.</summary>
internal static class OperationType
{
    public const string Debit = "DEBIT";
    public const string Credit = "CREDIT";
    public const string Hold = "ON_HOLD";
    public const string Release = "RELEASE";
}
