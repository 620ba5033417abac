using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Dapper;
using Npgsql;
using TenantManager.Client.Databases;
using TenantManager.Contracts;

namespace Crm.Api.Encryption;

/// <summary>
/// Tenants' data keys, held as long as the tenant's pool is: what a suspended tenant's data can be read with leaves this process with
/// its connections.
/// </summary>
/// <remarks>
/// Whoever writes holds a lock in shared mode and seals with the highest version there is then; whoever adds a version holds it alone.
/// So no two rows of one document can be under hashes of different versions without one of the writers having seen the other.
/// </remarks>
internal sealed partial class TenantKeys(MasterKeys masters, ILogger<TenantKeys> logger) : ITenantDatabaseInitializer
{
    private const string Wrapping = "wrap";
    private const long LockId = 0x0c42_4e15_01;
    private readonly ConditionalWeakTable<NpgsqlDataSource, KeyRing> _rings = [];

    /// <summary>Gives a new tenant its first key, and wraps those of others with the master key that is used now.</summary>
    public async Task InitializeAsync(TenantId tenant, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (!await connection.ExecuteScalarAsync<bool>("select exists (select from data_keys)"))
            await AddAsync(connection, tenant, version: 1);
        foreach (var row in await ReadAsync(connection))
        {
            if (row.MasterId != masters.CurrentId)
                await RewrapAsync(connection, tenant, row);
        }

        await LoadAsync(tenant, database, connection);
    }

    /// <summary>The tenant's keys, a given version among them.</summary>
    public async ValueTask<KeyRing> GetAsync(TenantId tenant, NpgsqlDataSource database, NpgsqlConnection connection, int version = 0) =>
        _rings.TryGetValue(database, out var ring) && ring.Current.Version >= version ? ring : await LoadAsync(tenant, database, connection);

    /// <summary>The tenant's keys for whoever writes in the transaction that has begun: the current one stays so until its end.</summary>
    public async ValueTask<KeyRing> GetForWritingAsync(TenantId tenant, NpgsqlDataSource database, NpgsqlConnection connection)
    {
        await connection.ExecuteAsync("select pg_advisory_xact_lock_shared(@LockId)", new { LockId });
        var current = await connection.ExecuteScalarAsync<int>("select max(version) from data_keys");
        return await GetAsync(tenant, database, connection, current);
    }

    /// <summary>Adds a version, which seals from now on in every pod.</summary>
    /// <returns>The version.</returns>
    public async Task<int> RotateAsync(TenantId tenant, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("select pg_advisory_xact_lock(@LockId)", new { LockId });
        var version = await connection.ExecuteScalarAsync<int>("select max(version) from data_keys") + 1;
        await AddAsync(connection, tenant, version);
        await transaction.CommitAsync(cancellationToken);
        LogRotated(tenant.Value, version);
        return version;
    }

    private static string BelongsTo(TenantId tenant, int version) => $"data-key:{tenant.Value}:{version}";

    private static Task<IEnumerable<DataKeyRow>> ReadAsync(NpgsqlConnection connection) =>
        connection.QueryAsync<DataKeyRow>("select version, master_id, wrapped from data_keys");

    private async Task<KeyRing> LoadAsync(TenantId tenant, NpgsqlDataSource database, NpgsqlConnection connection)
    {
        var ring = new KeyRing((await ReadAsync(connection)).Select(row => new DataKey(row.Version, Unwrap(tenant, row))));
        _rings.AddOrUpdate(database, ring);
        return ring;
    }

    private Task AddAsync(NpgsqlConnection connection, TenantId tenant, int version) => connection.ExecuteAsync(
        "insert into data_keys (version, master_id, wrapped) values (@version, @CurrentId, @wrapped) on conflict do nothing",
        new { version, masters.CurrentId, wrapped = Wrap(tenant, version, RandomNumberGenerator.GetBytes(Envelope.KeyLength)) });

    private async Task RewrapAsync(NpgsqlConnection connection, TenantId tenant, DataKeyRow row)
    {
        await connection.ExecuteAsync(
            "update data_keys set master_id = @CurrentId, wrapped = @wrapped where version = @Version and master_id = @MasterId",
            new { masters.CurrentId, wrapped = Wrap(tenant, row.Version, Unwrap(tenant, row)), row.Version, row.MasterId });
        LogRewrapped(tenant.Value, row.Version, row.MasterId, masters.CurrentId);
    }

    private byte[] Wrap(TenantId tenant, int version, byte[] secret) => masters.TryDerive(masters.CurrentId, Wrapping, out var key)
        ? Envelope.Seal(key, secret, BelongsTo(tenant, version))
        : throw new InvalidOperationException("The current master key is in the list.");

    private byte[] Unwrap(TenantId tenant, DataKeyRow row)
    {
        if (masters.TryDerive(row.MasterId, Wrapping, out var key))
            return Envelope.Open(key, row.Wrapped, BelongsTo(tenant, row.Version));

        // Said here: who opens pools tells of failures by their kind alone.
        LogMissing(tenant.Value, row.Version, row.MasterId);
        throw new KeyUnavailableException($"{MasterKeys.Variable} lacks the key '{row.MasterId}'.");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Tenant {Tenant} has data key {Version}")]
    private partial void LogRotated(string tenant, int version);

    [LoggerMessage(Level = LogLevel.Information, Message = "Data key {Version} of tenant {Tenant} was wrapped by master key {Old} and is by {New} now")]
    private partial void LogRewrapped(string tenant, int version, string old, string @new);

    [LoggerMessage(Level = LogLevel.Error, Message = "Data key {Version} of tenant {Tenant} is wrapped by master key {Master}, which CRM_ENCRYPTION_KEYS lacks: add it to the end of the list")]
    private partial void LogMissing(string tenant, int version, string master);

    private sealed record DataKeyRow
    {
        public int Version { get; init; }

        public string MasterId { get; init; } = string.Empty;

        public byte[] Wrapped { get; init; } = [];
    }
}
