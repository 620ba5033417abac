namespace TenantManager.Api.Storage;

/// <summary>What an administrator calls after restoring a backup, so that whoever knows of later changes takes this state's word all the same.</summary>
/// <remarks>
/// <para>Pods go back on no revision that they were told (MonotonicPod): they would hold what was changed after the backup against every
/// change of the restored state, until its revisions have caught up. So all revisions jump past what can have been given since.</para>
/// <para>And cursors of the feed are no more this state's.</para>
/// </remarks>
internal static class RestoredStateMigration
{
    /// <summary>Far more than anything changes between a backup and its restoring, and a million of these fit what JSON keeps exact (2^53).</summary>
    public const long Jump = 1_000_000_000;

    /// <summary>How it is called.</summary>
    public const string Function = "state_was_restored";

    public static readonly string Sql =
        $"""
        create function {Function}() returns void language plpgsql as $body$
        begin
            update change_feed set epoch = gen_random_uuid();

            -- Nobody has a position of this epoch yet, and moving them one by one takes the square of their number.
            alter table tenants disable trigger tenants_move_change_feed;
            update tenants set revision = revision + {Jump};
            alter table tenants enable trigger tenants_move_change_feed;
            update tenant_settings set revision = revision + {Jump};
            update api_keys set revision = revision + {Jump}, changed_at = clock_timestamp();
            update reference_entries set revision = revision + {Jump}, changed_at = now();
            update reference_sets set revision = revision + {Jump}, changed_at = now();
        end $body$;
        """;
}
