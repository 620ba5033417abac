using System.Diagnostics;
using Dapper;
using Npgsql;
using TenantManager.Api.Security;

namespace TenantManager.Api.Audit;

/// <summary>Writes down who changes what, in the transaction of the change: neither is there without the other.</summary>
internal sealed class AuditTrail(CallerAccess callers)
{
    public Task AddAsync(NpgsqlConnection connection, AuditEntry entry)
    {
        var caller = callers.Current;
        return connection.ExecuteAsync(
            """
            insert into audit_log (actor, actor_key_id, subject, action, tenant_id, service, key_id, target,
                status_before, status_after, revision_before, revision_after, changed, reason, trace_id)
            values (@Actor, @ActorKeyId, @Subject, @Action, @TenantId, @Service, @KeyId, @Target,
                @StatusBefore, @StatusAfter, @RevisionBefore, @RevisionAfter, @Changed, @Reason, @TraceId)
            """,
            new
            {
                caller.Actor,
                ActorKeyId = caller.KeyId,
                caller.Subject,
                entry.Action,
                entry.TenantId,
                entry.Service,
                entry.KeyId,
                entry.Target,
                entry.StatusBefore,
                entry.StatusAfter,
                entry.RevisionBefore,
                entry.RevisionAfter,
                Changed = entry.Changed?.ToArray(),
                entry.Reason,
                TraceId = Activity.Current?.TraceId.ToHexString(),
            });
    }
}
