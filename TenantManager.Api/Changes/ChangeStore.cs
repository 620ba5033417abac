using Dapper;
using TenantManager.Api.Associations;
using TenantManager.Api.Storage;
using TenantManager.Contracts.Changes;

namespace TenantManager.Api.Changes;

/// <summary>
/// The change feed in the state database. It is no log: each tenant's row has the position of its latest change, so there is
/// nothing to clean up, no cursor is ever too old, and what was changed often is told once.
/// </summary>
/// <remarks>
/// Positions come from one counter, whose row a change keeps locked until it is committed (a trigger sees to that, see
/// <see cref="StateMigration"/>). So they become visible in their order, and whoever has seen one has seen all below it: a
/// sequence would not do, its values are drawn in one order and committed in another.
/// </remarks>
internal sealed class ChangeStore(StateDatabase database)
{
    /// <summary>How far the feed has come: a change that was acknowledged before is at or below it.</summary>
    public async Task<FeedHead> HeadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var (epoch, position) = await connection.QuerySingleAsync<(Guid, long)>(
            new CommandDefinition("select epoch, position from change_feed", cancellationToken: cancellationToken));
        return new FeedHead(epoch, position);
    }

    /// <summary>A service's tenants that have changed after a position.</summary>
    /// <param name="service">The service.</param>
    /// <param name="after">The position.</param>
    /// <param name="head">How far the feed had come when it was looked before.</param>
    /// <param name="limit">The most to return.</param>
    public async Task<FeedPage> ReadAsync(string service, long after, long head, int limit)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        var rows = (await connection.QueryAsync<Row>(
            """
            select t.id, t.revision, t.position, t.status as tenant_status, a.status as association_status
            from tenants t join associations a on a.tenant_id = t.id and a.service = @service
            where t.position > @after order by t.position limit @most
            """,
            new { service, after, most = limit + 1 })).AsList();
        var more = rows.Count > limit;
        if (more)
            rows.RemoveAt(limit);

        // One that came since is here with everything below it.
        var last = rows.Count > 0 ? rows[^1].Position : after;
        return new FeedPage([.. rows.Select(Show)], more ? last : Math.Max(head, last), more);
    }

    private static TenantChange Show(Row row) =>
        new(row.Id, row.Revision, ServedStatus.WhyNot(row.TenantStatus, row.AssociationStatus));

    private sealed record Row(string Id, long Revision, long Position, string TenantStatus, string AssociationStatus);
}
