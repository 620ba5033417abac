using System.Diagnostics.Metrics;

namespace Crm.Api.Diagnostics;

/// <summary>The CRM's own metrics. Their tags are kinds, never values.</summary>
internal static class CrmDiagnostics
{
    private static readonly Meter Meter = new("Crm.Api");
    private static readonly Counter<long> Questions = Meter.CreateCounter<long>("crm.ledger.questions", description: "Accounts that the ledger was asked about, by what came of it.");
    private static readonly Counter<long> Resealed = Meter.CreateCounter<long>("crm.reencryption.rows", description: "Rows that were sealed anew with a tenant's current data key.");

    public static void Asked(string outcome) => Questions.Add(1, KeyValuePair.Create<string, object?>("outcome", outcome));

    public static void Reencrypted(int rows) => Resealed.Add(rows);
}
