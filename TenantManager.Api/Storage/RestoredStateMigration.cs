namespace TenantManager.Api.Storage;

/// <summary>What an administrator calls after restoring a backup, so that whoever knows of later changes takes this state's word all the same.</summary>
/// <remarks>
/// <para>Pods go back on no revision that they were told (MonotonicPod): they would hold what was changed after the backup against every
/// change of the restored state, until its revisions have caught up. So all revisions jump past what can have been given since: by the
/// milliseconds of the clock, so that the same backup restored once more outranks what was changed after the first time.</para>
/// <para>And cursors of the feed are no more this state's.</para>
/// </remarks>
internal static class RestoredStateMigration
{
    /// <summary>How it is called.</summary>
    public const string Function = "state_was_restored";

    public const string Sql =
        $"""
        create function {Function}() returns void language plpgsql as $body$
        declare
            jump bigint := (extract(epoch from clock_timestamp()) * 1000)::bigint;
        begin
            update change_feed set epoch = gen_random_uuid();

            -- Nobody has a position of this epoch yet, and moving them one by one takes the square of their number.
            alter table tenants disable trigger tenants_move_change_feed;
            update tenants set revision = revision + jump;
            alter table tenants enable trigger tenants_move_change_feed;
            update tenant_settings set revision = revision + jump;
            update api_keys set revision = revision + jump, changed_at = clock_timestamp();
            update reference_entries set revision = revision + jump, changed_at = now();
            update reference_sets set revision = revision + jump, changed_at = now();
        end $body$;
        """;
}
