namespace TenantManager.Api.Storage;

/// <summary>Plans, search, settings and deletion. Whatever an instance of an earlier version writes meanwhile gets the defaults.</summary>
internal static class TenantLifeMigration
{
    public const string Sql =
        """
        alter table tenants add column tier text not null default 'standard';
        alter table tenants add column purge_at timestamptz;
        alter table tenants add column status_before_deletion text;
        alter table associations add column data_remains boolean not null default false;
        alter table audit_log add column changed text[];
        create table tenant_settings (
            tenant_id text primary key references tenants (id),
            settings text not null,
            revision bigint not null,
            changed_at timestamptz not null);

        -- Metadata stays text, as earlier versions write it. What jsonb refuses is found by no filter, and keeps no row out.
        create function metadata_as_json(metadata text) returns jsonb language plpgsql immutable strict as $body$
        begin
            return metadata::jsonb;
        exception when invalid_text_representation or untranslatable_character then
            return '{}'::jsonb;
        end $body$;
        create index tenants_by_metadata on tenants using gin (metadata_as_json(metadata) jsonb_path_ops);
        create index tenants_by_status on tenants (status, id);
        create index tenants_by_tier on tenants (tier, id);
        create index tenants_by_name on tenants (lower(name) text_pattern_ops);
        create index tenants_to_purge on tenants (purge_at) where purge_at is not null;
        create index associations_to_remove on associations (tenant_id, service) where data_remains;
        """;
}
