using Dapper;
using TenantManager.Api.Storage;
using TenantManager.Contracts.Audit;

namespace TenantManager.Api.Audit;

/// <summary>Reads the audit log.</summary>
internal sealed class AuditStore(StateDatabase database)
{
    private const string Columns =
        "id, at, actor, actor_key_id, subject, action, tenant_id, service, key_id, target, status_before, status_after, revision_before, revision_after, changed, reason, trace_id";

    /// <summary>Reads every line of one tenant, oldest first.</summary>
    public const string OfTenant = $"select {Columns} from audit_log where tenant_id = @tenant order by id";

    static AuditStore() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<AuditLine>> ListAsync(AuditFilter filter, int limit, CancellationToken cancellationToken)
    {
        // Only what is asked for: each of these has an index.
        var wanted = new List<string>();
        if (filter.Tenant is not null)
            wanted.Add("tenant_id = @Tenant");
        if (filter.Actor is not null)
            wanted.Add("actor = @Actor");
        if (filter.Action is not null)
            wanted.Add("action = @Action");
        if (filter.Since is not null)
            wanted.Add("at >= @Since");
        if (filter.Until is not null)
            wanted.Add("at < @Until");
        if (filter.Before is not null)
            wanted.Add("id < @Before");
        var where = wanted.Count == 0 ? string.Empty : $"where {string.Join(" and ", wanted)}";
        var parameters = new DynamicParameters(filter);
        parameters.Add("Limit", limit);
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<AuditLine>(
            new CommandDefinition($"select {Columns} from audit_log {where} order by id desc limit @Limit", parameters, cancellationToken: cancellationToken))];
    }

    /// <summary>Deletes some of the lines that are older than the retention; how many.</summary>
    public async Task<int> TrimAsync(TimeSpan retention, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            "delete from audit_log where id in (select id from audit_log where at < now() - @retention order by id limit @limit)",
            new { retention, limit },
            cancellationToken: cancellationToken));
    }
}
