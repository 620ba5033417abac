namespace Ledger.Benchmarks;

/// <summary>What the pod is asked for.</summary>
internal enum Workload
{
    /// <summary>Transfers between two accounts at random.</summary>
    Transfers,

    /// <summary>Transfers from one account to another at random: each waits for the one before it.</summary>
    HotTransfers,

    /// <summary>Reads of a page.</summary>
    Pages,
}
