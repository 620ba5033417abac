using System.Buffers;
using System.Data;
using System.IO.Pipelines;
using System.Text.Json;
using Dapper;
using TenantManager.Api.Associations;
using TenantManager.Api.Audit;
using TenantManager.Api.Storage;
using TenantManager.Api.Tenants;
using TenantManager.Api.TenantSettings;
using TenantManager.Contracts;
using TenantManager.Contracts.Audit;

namespace TenantManager.Api.Export;

/// <summary>Writes what the tenant-manager holds of a tenant as one JSON document, of one moment: no password, no hash of one. The audit log is streamed.</summary>
internal sealed class TenantExport(StateDatabase database, TimeProvider time)
{
    private const int FlushAt = 32 * 1024;

    /// <exception cref="InvalidOperationException">The tenant has gone meanwhile.</exception>
    public async Task WriteAsync(TenantId id, Stream output, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var tenant = await TenantStore.ReadAsync(connection, id) ?? throw new InvalidOperationException("The tenant has gone.");
        var associations = await AssociationStore.ListAsync(connection, id);
        var settings = await TenantSettingsStore.FindAsync(connection, id.Value, cancellationToken);
        var pipe = PipeWriter.Create(output, new StreamPipeWriterOptions(leaveOpen: true));
        await using var json = new Utf8JsonWriter((IBufferWriter<byte>)pipe);
        json.WriteStartObject();
        json.WriteString("exportedAt", time.GetUtcNow().UtcDateTime);
        json.WritePropertyName("tenant");
        JsonSerializer.Serialize(json, TenantView.Of(tenant), ContractJson.Options);
        json.WritePropertyName("associations");
        JsonSerializer.Serialize(json, associations.Where(one => one.Status != AssociationStatus.Provisioning).Select(ExportedAssociation.Of), ContractJson.Options);
        json.WritePropertyName("settings");
        json.WriteRawValue(settings?.Settings ?? "{}");
        json.WriteStartArray("audit");
        await foreach (var line in connection.QueryUnbufferedAsync<AuditLine>(AuditStore.OfTenant, new { tenant = id.Value }).WithCancellation(cancellationToken))
        {
            JsonSerializer.Serialize(json, line, ContractJson.Options);
            if (pipe.UnflushedBytes > FlushAt)
                await pipe.FlushAsync(cancellationToken);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
        await pipe.CompleteAsync();
    }
}
