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
        """
        create table api_keys (
            id text primary key,
            name text not null,
            scopes text[] not null,
            services text[],
            created_at timestamptz not null,
            created_by text not null,
            expires_at timestamptz,
            revoked_at timestamptz,
            last_used_at timestamptz,
            revision bigint not null,
            changed_at timestamptz not null);
        create unique index api_keys_by_name on api_keys (name) where revoked_at is null;
        create index api_keys_by_change on api_keys (changed_at);
        create table api_key_secrets (
            hash bytea primary key,
            key_id text not null references api_keys (id),
            created_at timestamptz not null,
            expires_at timestamptz);
        create index api_key_secrets_by_key on api_key_secrets (key_id);
        """,
        """
        create table audit_log (
            id bigint generated always as identity primary key,
            at timestamptz not null default now(),
            actor text not null,
            actor_key_id text,
            subject text,
            action text not null,
            tenant_id text,
            service text,
            key_id text,
            status_before text,
            status_after text,
            revision_before bigint,
            revision_after bigint,
            trace_id text);
        create index audit_log_by_tenant on audit_log (tenant_id, id);
        create index audit_log_by_actor on audit_log (actor, id);
        create index audit_log_by_action on audit_log (action, id);
        create index audit_log_by_time on audit_log (at);

        -- The tables belong to the role that the service signs in as, so no right could be taken from it that it could not give
        -- itself again. A row goes by retention only, and not before it is 30 days old.
        create function refuse_change_of_audit_log() returns trigger language plpgsql as $body$
        begin
            if tg_op = 'DELETE' then
                if old.at < now() - interval '30 days' then
                    return old;
                end if;
            end if;
            raise exception 'audit_log is append-only: % is refused', tg_op using errcode = 'insufficient_privilege';
        end $body$;
        create trigger audit_log_is_append_only before update or delete on audit_log
            for each row execute function refuse_change_of_audit_log();
        create trigger audit_log_is_not_emptied before truncate on audit_log
            for each statement execute function refuse_change_of_audit_log();
        alter table audit_log enable always trigger audit_log_is_append_only;
        alter table audit_log enable always trigger audit_log_is_not_emptied;
        """,
        "alter table audit_log add column target text;",
        TenantLifeMigration.Sql,
        "alter table audit_log add column reason text;",
        ReferenceDataMigration.Sql,
        RestoredStateMigration.Sql,
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
