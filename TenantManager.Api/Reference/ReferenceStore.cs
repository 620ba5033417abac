using Dapper;
using Npgsql;
using TenantManager.Api.Errors;
using TenantManager.Api.Storage;
using TenantManager.Contracts.Reference;

namespace TenantManager.Api.Reference;

/// <summary>Reference data in the state database. Whoever asks over HTTP is answered from here and not from the shared cache: it asks because that is not enough for it.</summary>
internal sealed class ReferenceStore(StateDatabase database)
{
    private const string Columns = "kind, code, name, alpha3, numeric_code, minor_units, revision";

    static ReferenceStore() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    public async Task<IReadOnlyList<ReferenceKindView>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<ReferenceKindView>(new CommandDefinition(
            """
            select s.kind, s.revision, count(e.code) as entries, s.changed_at
            from reference_sets s left join reference_entries e on e.kind = s.kind group by s.kind order by s.kind collate "C"
            """,
            cancellationToken: cancellationToken))];
    }

    /// <summary>All of a kind, of one moment.</summary>
    public async Task<ReferenceSet> GetAsync(ReferenceKind kind, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<long, ReferenceRow?, (long Revision, ReferenceRow? Row)>(
            new CommandDefinition(
                """
                select s.revision as of_set, e.code, e.name, e.alpha3, e.numeric_code, e.minor_units
                from reference_sets s left join reference_entries e on e.kind = s.kind where s.kind = @kind order by e.code
                """,
                new { kind = kind.Name },
                cancellationToken: cancellationToken),
            static (revision, row) => (revision, row),
            splitOn: "code")).AsList();
        return new ReferenceSet
        {
            Kind = kind.Name,
            Revision = rows[0].Revision,
            Entries = [.. rows.Where(static line => line.Row is not null).Select(static line => line.Row!.ToEntry())],
        };
    }

    public async Task<ReferenceRow?> FindAsync(ReferenceKind kind, string code, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await FindAsync(connection, kind, code);
    }

    public static Task<ReferenceRow?> FindAsync(NpgsqlConnection connection, ReferenceKind kind, string code) =>
        connection.QuerySingleOrDefaultAsync<ReferenceRow>($"select {Columns} from reference_entries where kind = @kind and code = @code", new { kind = kind.Name, code });

    /// <summary>Holds up other changes of the kind until the transaction ends; its revision.</summary>
    public static Task<long> LockAsync(NpgsqlConnection connection, ReferenceKind kind) =>
        connection.QuerySingleAsync<long>("select revision from reference_sets where kind = @kind for update", new { kind = kind.Name });

    /// <exception cref="ApiException">Another entry has its other codes.</exception>
    public static async Task SaveAsync(NpgsqlConnection connection, ReferenceRow row)
    {
        try
        {
            await connection.ExecuteAsync(
                """
                insert into reference_entries (kind, code, name, alpha3, numeric_code, minor_units, revision)
                values (@Kind, @Code, @Name, @Alpha3, @NumericCode, @MinorUnits, @Revision)
                on conflict (kind, code) do update set name = excluded.name, alpha3 = excluded.alpha3, numeric_code = excluded.numeric_code,
                    minor_units = excluded.minor_units, revision = excluded.revision, changed_at = now()
                """,
                row);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw ApiErrors.ReferenceCodeTaken(exception.ConstraintName?.Contains("alpha3", StringComparison.Ordinal) == true ? "alpha3" : "numeric");
        }

        await BumpAsync(connection, row.Kind, row.Revision);
    }

    public static async Task DeleteAsync(NpgsqlConnection connection, ReferenceRow row, long revision)
    {
        await connection.ExecuteAsync("delete from reference_entries where kind = @Kind and code = @Code", row);
        await BumpAsync(connection, row.Kind, revision);
    }

    private static Task BumpAsync(NpgsqlConnection connection, string kind, long revision) =>
        connection.ExecuteAsync("update reference_sets set revision = @revision, changed_at = now() where kind = @kind", new { kind, revision });
}
