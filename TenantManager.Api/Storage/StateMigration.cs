using Dapper;
using Npgsql;
using TenantManager.Api.Provisioning;

namespace TenantManager.Api.Storage;

/// <summary>Brings the state's schema up to date before the first request, once, however many instances start.</summary>
internal sealed partial class StateMigration(StateDatabase database, DatabaseProvisioner provisioner, TimeProvider time, ILogger<StateMigration> logger)
    : IHostedService
{
    private const long LockId = 0x7e4a_17_0001;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(250);

    /// <summary>Each is applied once, in order; never change one that has been released, add another.</summary>
    private static readonly string[] Migrations =
    [
        """
        create table tenants (
            id text primary key,
            slug text not null unique,
            name text not null,
            environment text not null,
            isolation text not null,
            status text not null,
            owner_email text not null,
            owner_email_verified boolean not null,
            owner_password_hash text,
            metadata text not null,
            revision bigint not null,
            created_at timestamptz not null,
            updated_at timestamptz not null);
        create table associations (
            tenant_id text not null references tenants (id),
            service text not null,
            isolation_mode text not null,
            status text not null,
            database_name text not null,
            schema_name text,
            role_name text not null,
            password bytea not null,
            max_open_conns integer,
            max_idle_conns integer,
            statement_timeout text,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            primary key (tenant_id, service));
        create index associations_by_service on associations (service, status);
        """,
        """
        create table waiting_events (
            id bigint generated always as identity primary key,
            tenant_id text not null references tenants (id),
            topic text not null,
            type text not null,
            message text not null);
        create index waiting_events_by_tenant on waiting_events (tenant_id);
        """,
    ];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                await MigrateAsync(cancellationToken);
                await provisioner.CloseServerToStrangersAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException exception) when (exception.IsTransient || exception.SqlState == PostgresErrorCodes.InvalidCatalogName)
            {
                if (time.GetElapsedTime(began) > Patience)
                    throw new InvalidOperationException("The state database (ConnectionStrings__tenant-manager) could not be reached within a minute.", exception);
                LogWaiting(exception.SqlState ?? exception.GetType().Name);
                await Task.Delay(Retry, time, cancellationToken);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Task<bool> MigrateAsync(CancellationToken cancellationToken) => database.ChangeAsync(
        async connection =>
        {
            await connection.ExecuteAsync("select pg_advisory_xact_lock(@LockId)", new { LockId });
            await connection.ExecuteAsync("create table if not exists migrations (number integer primary key, applied_at timestamptz not null default now())");
            var applied = await connection.ExecuteScalarAsync<int>("select coalesce(max(number), 0) from migrations");
            for (var number = applied + 1; number <= Migrations.Length; number++)
            {
                await connection.ExecuteAsync(Migrations[number - 1]);
                await connection.ExecuteAsync("insert into migrations (number) values (@number)", new { number });
                LogApplied(number);
            }

            return true;
        },
        cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting for the state database ({Reason})")]
    private partial void LogWaiting(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied migration {Number} to the state database")]
    private partial void LogApplied(int number);
}
