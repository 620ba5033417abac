using System.Data;
using System.Text.Json;
using Dapper;
using Npgsql;
using TenantManager.Api.Associations;
using TenantManager.Api.Provisioning;
using TenantManager.Api.Secrets;
using TenantManager.Contracts;

namespace TenantManager.Api.Export;

/// <summary>
/// Writes the rows of an association's tables as newline-delimited JSON, of one moment, a table after another. They are streamed from
/// the server to the caller, however many: nothing is kept but a buffer.
/// </summary>
/// <remarks>
/// The first line says how many tables there are. Each table begins with its columns and ends with its number of rows, and the last
/// line of all says that the export is complete: one that was broken off has none. Rows are as PostgreSQL writes them
/// (<c>row_to_json</c>), numbers to the digit.
/// </remarks>
internal sealed class DataExport(DatabaseProvisioner provisioner, SecretCache secrets, TimeProvider time)
{
    private const int BufferLength = 32 * 1024;

    public async Task WriteAsync(AssociationRow association, Stream output, CancellationToken cancellationToken)
    {
        var password = await secrets.ReadAsync(SecretReference.Of(association), cancellationToken);
        await using var connection = await provisioner.ConnectAsync(association, password, cancellationToken);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await connection.ExecuteAsync("set transaction read only");
        var tables = (await connection.QueryAsync<ExportedTable>(new CommandDefinition(
            ExportedTable.Query, new { schema = association.SchemaName }, cancellationToken: cancellationToken))).ToArray();
        await using var lines = new StreamWriter(output, bufferSize: BufferLength, leaveOpen: true) { NewLine = "\n" };
        await WriteLineAsync(lines, new { tenant = association.TenantId, association.Service, exportedAt = time.GetUtcNow(), tables = tables.Length }, cancellationToken);
        var total = 0L;
        foreach (var table in tables)
        {
            await WriteLineAsync(lines, new { table.Schema, table.Table, table.Columns }, cancellationToken);
            var rows = await CopyAsync(connection, table, lines, cancellationToken);
            await WriteLineAsync(lines, new { table.Schema, table.Table, rows }, cancellationToken);
            total += rows;
        }

        await WriteLineAsync(lines, new { complete = true, rows = total }, cancellationToken);
        await lines.FlushAsync(cancellationToken);
    }

    private static Task WriteLineAsync(StreamWriter lines, object line, CancellationToken cancellationToken) =>
        lines.WriteLineAsync(JsonSerializer.Serialize(line, ContractJson.Options).AsMemory(), cancellationToken);

    private static async Task<long> CopyAsync(NpgsqlConnection connection, ExportedTable table, StreamWriter lines, CancellationToken cancellationToken)
    {
        using var rows = await connection.BeginTextExportAsync(table.Copy, cancellationToken);
        var buffer = new char[BufferLength];
        var count = 0L;
        int read;
        while ((read = await rows.ReadAsync(buffer.AsMemory(), cancellationToken)) > 0)
        {
            count += buffer.AsSpan(0, read).Count('\n');
            await lines.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return count;
    }
}
