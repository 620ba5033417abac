using Ledger.Api.Errors;
using TenantManager.Client;
using TenantManager.Client.Reference;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts.Reference;

namespace Ledger.Api.Reference;

/// <summary><c>/v1/reference</c>: what the tenant-manager owns, for those who fill in the ledger's forms.</summary>
internal static class ReferenceApi
{
    public static void MapReferenceData(this WebApplication app)
    {
        var reference = app.MapGroup("/v1/reference").WithTags("Reference data").RequireTenant();
        reference.MapGet("/{kind}", GetAsync).WithSummary("Lists countries, currencies or asset-types.");
        reference.MapGet("/{kind}/{code}", FindAsync).WithSummary("Shows one of them.");
    }

    private static async Task<IResult> GetAsync(string kind, ReferenceData reference, CancellationToken cancellationToken) =>
        Results.Ok(await ReadAsync(kind, reference, cancellationToken));

    private static async Task<IResult> FindAsync(string kind, string code, ReferenceData reference, CancellationToken cancellationToken) =>
        Results.Ok((await ReadAsync(kind, reference, cancellationToken)).Find(code) ?? throw LedgerErrors.NotFound("ReferenceEntry"));

    private static async Task<ReferenceSet> ReadAsync(string kind, ReferenceData reference, CancellationToken cancellationToken)
    {
        if (!ReferenceKind.TryParse(kind, out var known))
            throw LedgerErrors.NotFound("ReferenceKind");
        try
        {
            return await reference.GetAsync(known, cancellationToken) ?? throw LedgerErrors.NotFound("ReferenceKind");
        }
        catch (TenantManagerUnavailableException)
        {
            throw LedgerErrors.Unavailable();
        }
    }
}
