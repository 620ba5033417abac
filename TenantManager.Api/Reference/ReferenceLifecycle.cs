using TenantManager.Api.Audit;
using TenantManager.Api.Errors;
using TenantManager.Api.Storage;
using TenantManager.Contracts.Reference;

namespace TenantManager.Api.Reference;

/// <summary>What happens to reference data: state, revision and audit in one transaction, then the shared cache is written, then the event is published.</summary>
internal sealed class ReferenceLifecycle(StateDatabase database, ReferencePublication publication, AuditTrail audit)
{
    /// <summary>Creates an entry or replaces it. The same one again changes nothing.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="expected">Tells whether the present one is the one that the caller has seen, by its revision; null: there is none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ApiException">It is another one, or has the codes of another entry.</exception>
    public async Task<ReferenceRow> PutAsync(ReferenceKind kind, ReferenceEntry entry, Func<long?, bool> expected, CancellationToken cancellationToken)
    {
        var wanted = ReferenceRow.Of(kind, entry);
        var saved = await database.ChangeAsync(
            async connection =>
            {
                var revision = await ReferenceStore.LockAsync(connection, kind);
                var present = await ReferenceStore.FindAsync(connection, kind, entry.Code);
                Require(present, expected);
                var changed = present?.ChangedBy(wanted);
                if (changed is [])
                    return present!;
                var row = wanted with { Revision = revision + 1 };
                await ReferenceStore.SaveAsync(connection, row);
                await audit.AddAsync(
                    connection,
                    Entry(present is null ? AuditActions.ReferenceCreated : AuditActions.ReferenceChanged, row, revision) with { Changed = changed });
                return row;
            },
            cancellationToken);
        await publication.PublishAsync(kind);
        return saved;
    }

    /// <summary>Deletes an entry.</summary>
    /// <inheritdoc cref="PutAsync" path="/param[@name='expected']"/>
    /// <exception cref="ApiException">There is none, or it is another one.</exception>
    public async Task<DeletedReferenceEntry> DeleteAsync(ReferenceKind kind, string code, Func<long?, bool> expected, CancellationToken cancellationToken)
    {
        var deleted = await database.ChangeAsync(
            async connection =>
            {
                var revision = await ReferenceStore.LockAsync(connection, kind);
                var present = await ReferenceStore.FindAsync(connection, kind, code) ?? throw ApiErrors.ReferenceEntryNotFound();
                Require(present, expected);
                await ReferenceStore.DeleteAsync(connection, present, revision + 1);
                await audit.AddAsync(connection, Entry(AuditActions.ReferenceDeleted, present with { Revision = revision + 1 }, revision));
                return new DeletedReferenceEntry(kind.Name, code, revision + 1);
            },
            cancellationToken);
        await publication.PublishAsync(kind);
        return deleted;
    }

    private static void Require(ReferenceRow? present, Func<long?, bool> expected)
    {
        if (!expected(present?.Revision))
            throw ApiErrors.PreconditionFailed("The entry has been changed since: read it again, and send its ETag as 'If-Match'.");
    }

    private static AuditEntry Entry(string action, ReferenceRow row, long before) =>
        new(action) { Target = $"{row.Kind}/{row.Code}", RevisionBefore = before, RevisionAfter = row.Revision };
}
