using System.Runtime.InteropServices;
using TenantPlatform.ServiceKit.Errors;
using TenantPlatform.ServiceKit.Validation;

namespace Ledger.Api.Ledgers;

/// <summary>The ledger that a path names.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LedgerIds(Guid Organization, Guid Ledger)
{
    /// <summary>Whether it is there, with the ledger as <c>$1</c> and the organization as <c>$2</c>.</summary>
    public const string Exists =
        """
        exists (select from ledgers l join organizations o on o.id = l.organization_id
            where l.id = $1 and o.id = $2 and l.deleted_at is null and o.deleted_at is null)
        """;

    /// <exception cref="Errors.ApiException">One of them is no id.</exception>
    public static LedgerIds Read(string organization, string ledger) =>
        new(PathIds.Read("Organization", organization), PathIds.Read(LedgersApi.Entity, ledger));
}
