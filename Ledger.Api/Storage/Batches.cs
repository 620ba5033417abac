using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Api.Storage;

/// <summary>Statements that go to the server together: as many as there are cost one round trip.</summary>
internal static class Batches
{
    /// <summary>Adds a statement whose parameters are <c>$1</c>, <c>$2</c>, … in this order.</summary>
    public static NpgsqlBatch Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
        return batch;
    }

    /// <summary>A parameter of a type that the driver knows by itself.</summary>
    public static NpgsqlParameter Of<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>A text that may be absent.</summary>
    public static NpgsqlParameter Text(string? value) => new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    /// <summary>The next result, which must have a row.</summary>
    public static async Task ReadNextAsync(this DbDataReader reader, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
    }
}
