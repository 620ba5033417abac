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

        // The change feed. The counter is moved by a trigger, so that no change goes untold, whoever makes it: an instance of an
        // earlier version during an update, or an administrator by hand. Its row is locked from there to the end of the transaction,
        // for which every other change waits: one that stands still, as an instance does that is frozen, is ended by the server.
        """
        create table change_feed (
            only_one boolean primary key default true check (only_one),
            epoch uuid not null default gen_random_uuid(),
            position bigint not null);
        alter table tenants add column position bigint not null default 0;
        update tenants set position = numbered.position
            from (select id, row_number() over (order by id) as position from tenants) numbered where numbered.id = tenants.id;
        insert into change_feed (position) select count(*) from tenants;
        create index tenants_by_position on tenants (position);
        create function move_change_feed() returns trigger language plpgsql as $$
        begin
            perform set_config('idle_in_transaction_session_timeout', '10s', true);
            update change_feed set position = position + 1 returning position into new.position;
            return new;
        end $$;
        create trigger tenants_move_change_feed before insert or update of revision on tenants
            for each row execute function move_change_feed();
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
