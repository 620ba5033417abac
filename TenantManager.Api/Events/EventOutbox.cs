using System.Text.Json;
using Dapper;
using Npgsql;
using TenantManager.Api.Configuration;
using TenantManager.Api.Diagnostics;
using TenantManager.Api.Storage;
using TenantManager.Api.Tenants;
using TenantManager.Contracts;
using TenantManager.Contracts.Events;

namespace TenantManager.Api.Events;

/// <summary>
/// Events that wait to be published, kept with the state: each is committed in one transaction with the change that it
/// tells of, and is there until Valkey has taken it. So neither an outage nor a restart loses one, and any instance can
/// send it. What is sent is taken out in a transaction that ends after it was sent: an event may be sent twice, not never.
/// </summary>
internal sealed class EventOutbox(StateDatabase database, ManagerOptions options, TimeProvider time)
{
    /// <summary>
    /// Writes an event down in the transaction of its change. The caller has the tenant locked, so the events of a tenant
    /// are numbered in the order of its changes. Those that this one makes superfluous go: what waits is bounded by the
    /// number of tenants and services, however long Valkey is away.
    /// </summary>
    public async Task AddAsync(NpgsqlConnection connection, TenantRow tenant, string type, ServiceEventPayload? payload)
    {
        var message = JsonSerializer.Serialize(
            new TenantEvent
            {
                EventId = Guid.NewGuid().ToString(),
                EventType = type,
                Timestamp = time.GetUtcNow(),
                TenantId = tenant.Id,
                TenantSlug = tenant.Slug,
                Environment = options.EnvironmentName,
                Payload = payload is null ? null : JsonSerializer.SerializeToElement(payload, ContractJson.Options),
            },
            ContractJson.Options);

        // One that is being sent is locked, and a change waits for no Valkey: it stays, and goes out before this one.
        var written = await connection.ExecuteAsync(
            """
            delete from waiting_events where id in (
                select id from waiting_events where tenant_id = @tenant and topic = @topic for update skip locked);
            insert into waiting_events (tenant_id, topic, type, message) values (@tenant, @topic, @type, @message)
            """,
            new { tenant = tenant.Id, topic = $"{TopicOf(type)}/{payload?.ServiceName}", type, message });
        ManagerDiagnostics.EventsOvertaken(written - 1);
    }

    /// <summary>
    /// Takes out what waits for a tenant, oldest first; it is back if the transaction does not end well. Whoever takes it out
    /// at the same time is waited for, so that no event of a tenant is sent before those that came before it.
    /// </summary>
    public static async Task<IReadOnlyList<WaitingEvent>> TakeAsync(NpgsqlConnection connection, TenantId tenant)
    {
        // An instance that is frozen in the middle of this holds up one tenant for that long. A deletion that a crash of the
        // server takes back sends the event twice, so it need not be waited for.
        var taken = await connection.QueryAsync<WaitingEvent>(
            """
            set local lock_timeout = '5s'; set local idle_in_transaction_session_timeout = '30s'; set local synchronous_commit = off;
            delete from waiting_events where tenant_id = @tenant returning id, type, message
            """,
            new { tenant = tenant.Value });
        return [.. taken.OrderBy(waiting => waiting.Id)];
    }

    /// <summary>Whose events wait, and how many; those that wait longest first.</summary>
    public async Task<IReadOnlyList<(string Tenant, long Events)>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<(string, long)>(
            new CommandDefinition("select tenant_id, count(*) from waiting_events group by tenant_id order by min(id)", cancellationToken: cancellationToken))];
    }

    /// <summary>What an event is about: it takes the place of a waiting one about the same, as a reactivation does of the suspension before it.</summary>
    private static string TopicOf(string type) => type switch
    {
        TenantEventTypes.Suspended or TenantEventTypes.Activated or TenantEventTypes.Deleted => "tenant.status",
        TenantEventTypes.ServiceSuspended or TenantEventTypes.ServiceReactivated => "tenant.service.status",
        _ => type,
    };
}
