using System.Globalization;
using Cache.Core.Valkey;
using StackExchange.Redis;

namespace Cache.Core.Fencing;

/// <summary><see cref="IFence"/> by scripts in Valkey. Survives SCRIPT FLUSH, restarts and failovers: an unknown script is sent again.</summary>
internal sealed class ValkeyFence(ValkeyCalls calls) : IFence
{
    /// <summary>Before the owner: do as if there were no value.</summary>
    private const string WithoutValue = "!";

    public ValueTask<FenceNote> ReadAsync(string key, TimeSpan fenceLife, string? owner, TimeSpan lease, CancellationToken cancellationToken = default) =>
        RunNoteAsync(key, fenceLife, owner ?? string.Empty, lease, cancellationToken);

    public ValueTask<FenceNote> NoteAsync(
        string key, TimeSpan fenceLife, string? owner = null, TimeSpan lease = default, CancellationToken cancellationToken = default) =>
        RunNoteAsync(key, fenceLife, WithoutValue + owner, lease, cancellationToken);

    public ValueTask<FenceOutcome> StoreAsync(string key, ReadOnlyMemory<byte> value, FencedWrite write, CancellationToken cancellationToken = default) =>
        WriteAsync(
            FenceScript.Store,
            key,
            [value.ToArray(), Milliseconds(write.TimeToLive), write.Generation, Text(write.Revision), Milliseconds(write.FenceLife), write.Owner ?? string.Empty],
            cancellationToken);

    public ValueTask<FenceOutcome> PutAsync(string key, ReadOnlyMemory<byte> value, FencedWrite write, CancellationToken cancellationToken = default) =>
        WriteAsync(
            FenceScript.Put,
            key,
            [value.ToArray(), Milliseconds(write.TimeToLive), write.Generation, Text(write.Revision), Milliseconds(write.FenceLife)],
            cancellationToken);

    public async ValueTask InvalidateAsync(string key, TimeSpan fenceLife, CancellationToken cancellationToken = default) =>
        await WriteAsync(FenceScript.Invalidate, key, [FenceToken.New(), Milliseconds(fenceLife)], cancellationToken).ConfigureAwait(false);

    public ValueTask<FenceOutcome> DenyAsync(string key, string status, long? revision, TimeSpan fenceLife, CancellationToken cancellationToken = default) =>
        WriteAsync(FenceScript.Deny, key, [Text(revision), status, FenceToken.New(), Milliseconds(fenceLife)], cancellationToken);

    public ValueTask<FenceOutcome> MarkAbsentAsync(string key, string generation, TimeSpan life, string? owner, CancellationToken cancellationToken = default) =>
        WriteAsync(FenceScript.Absent, key, [generation, Milliseconds(life), owner ?? string.Empty], cancellationToken);

    public async ValueTask ReleaseAsync(string key, string owner, CancellationToken cancellationToken = default) =>
        await RunAsync(FenceScript.Release, [FenceKeys.Lease(key)], [owner], calls.WriteLimit, cancellationToken).ConfigureAwait(false);

    private async ValueTask<FenceNote> RunNoteAsync(string key, TimeSpan fenceLife, string owner, TimeSpan lease, CancellationToken cancellationToken)
    {
        var answer = (RedisResult[])await RunAsync(
            FenceScript.Note, Keys(key), [FenceToken.New(), Milliseconds(fenceLife), owner, Milliseconds(lease)], calls.ReadLimit, cancellationToken)
            .ConfigureAwait(false);
        var value = (byte[]?)answer[0];
        var remaining = (long)answer[1];
        var holder = (string?)answer[7];
        return new FenceNote
        {
            Value = value,
            Remaining = value is null || remaining < 0 ? null : TimeSpan.FromMilliseconds(remaining),
            IsLeased = (long)answer[2] == 1,
            Generation = value is null ? (string?)answer[3] : null,
            Revision = Revision(answer[4]),
            Denial = (string?)answer[5],
            DenialRevision = Revision(answer[6]),
            IsAbsent = holder == "-",
            IsLeasedElsewhere = holder is not null and not "-",
        };
    }

    private async ValueTask<FenceOutcome> WriteAsync(FenceScript script, string key, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        var answer = (string?)await RunAsync(script, Keys(key), arguments, calls.WriteLimit, cancellationToken).ConfigureAwait(false);
        return answer switch
        {
            "stored" => FenceOutcome.Stored,
            "outdated" => FenceOutcome.Outdated,
            "denied" => FenceOutcome.Denied,
            _ => FenceOutcome.Overtaken,
        };
    }

    private ValueTask<RedisResult> RunAsync(
        FenceScript script, RedisKey[] keys, RedisValue[] arguments, TimeSpan limit, CancellationToken cancellationToken) =>
        calls.CallAsync(
            script.Name,
            limit,
            (script, keys, arguments),
            static (database, run) => EvaluateAsync(database, run.script, run.keys, run.arguments),
            cancellationToken);

    private static async Task<RedisResult> EvaluateAsync(IDatabase database, FenceScript script, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return await database.ScriptEvaluateAsync(script.Digest, keys, arguments).ConfigureAwait(false);
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // By text: the server keeps it and knows it by its digest from now on.
            return await database.ScriptEvaluateAsync(script.Text, keys, arguments).ConfigureAwait(false);
        }
    }

    private static RedisKey[] Keys(string key) => [key, FenceKeys.Fence(key), FenceKeys.Lease(key)];

    private static long Milliseconds(TimeSpan time) => time <= TimeSpan.Zero ? 0 : Math.Max(1, (long)time.TotalMilliseconds);

    private static string Text(long? revision) => revision is >= 0 ? revision.Value.ToString(CultureInfo.InvariantCulture) : string.Empty;

    private static long? Revision(RedisResult result) =>
        long.TryParse((string?)result, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null;
}
