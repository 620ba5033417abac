using System.Globalization;
using Cache.Core.Memory;
using Cache.Core.Valkey;
using Cache.Core.Valkey.Direct;
using Cache.Core.Valkey.Resp;
using Cache.Core.Valkey.Scripting;

namespace Cache.Core.Fencing;

/// <summary><see cref="IFence"/> by scripts in Valkey. Survives SCRIPT FLUSH, restarts and failovers: an unknown script is sent again.</summary>
/// <remarks>
/// <para><b>A hit needs no script</b>, which would cost more than all the rest of it: GET, PTTL and HMGET of the fence go out in one
/// write. They are three steps, and a server may run others' commands between them, though it hardly ever does. Why that breaks
/// nothing, with the value read at <c>t1</c> and the fence at <c>t2</c>, after it:</para>
/// <list type="bullet">
/// <item>An invalidation, a denial or a write between them is either seen in the fence, and the value is not believed; or it leaves
/// no trace there (an invalidation), and then this read is one from before it whose answer was under way: its caller began before
/// the invalidation had returned, and L1's epoch, noted before <c>t1</c>, refuses the fill (NoResurrection), as it does for a
/// script's answer that is under way.</item>
/// <item>The highest revision only grows: what the script would have called outdated at <c>t1</c> is outdated at <c>t2</c> (MonotonicPod).</item>
/// <item>A denial that stood at <c>t1</c> still stands at <c>t2</c>, unless what lifts it came between them: an invalidation, or a value
/// with a higher revision or from a later fetch. Only a writer without fences can have left a value beside a denial, and a
/// process that knows of the denial compares with its own tombstone besides (RevocationWins).</item>
/// <item>A newer value stored between them makes the older one look outdated. It is read again, at the cost of the newer value,
/// which is deleted in its place: no more than what happens to one stored between a script's answer and that deletion.</item>
/// </list>
/// <para>Everything but a clean hit (no value, an error, a lifetime that ended in between) goes the script's way.</para>
/// </remarks>
internal sealed class ValkeyFence : IFence, IManyFence
{
    /// <summary>How many replies a read of a key has.</summary>
    public const int ReadReplies = 3;

    /// <summary>Before the owner: do as if there were no value.</summary>
    private const string WithoutValue = "!";

    private const int NoKey = -2;

    private readonly ValkeyCalls _calls;
    private readonly ValkeyScripts _scripts;
    private readonly ValkeyManyReads _many;

    public ValkeyFence(ValkeyCalls calls, ValkeyScripts scripts)
    {
        _calls = calls;
        _scripts = scripts;
        _many = new ValkeyManyReads(calls, scripts, this);
    }

    public ValueTask<FenceHit[]> ReadHitsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) => _many.ReadHitsAsync(keys, cancellationToken);

    public ValueTask<FenceNote?[]> ReadManyAsync(
        IReadOnlyList<(string Key, string? Owner)> keys, TimeSpan fenceLife, TimeSpan lease, CancellationToken cancellationToken) =>
        _many.ReadManyAsync(keys, fenceLife, lease, cancellationToken);

    public ValueTask<FenceNote> ReadAsync(string key, TimeSpan fenceLife, string? owner, TimeSpan lease, CancellationToken cancellationToken = default)
    {
        var reading = _calls.TryAskAsync("GET", _calls.ReadLimit, Read(key), cancellationToken);
        return reading.IsCompletedSuccessfully && TryHit(reading.Result, out var note)
            ? new ValueTask<FenceNote>(note)
            : ReadSlowlyAsync(reading.IsCompletedSuccessfully ? default : reading, key, fenceLife, owner, lease, cancellationToken);
    }

    public async ValueTask<FenceNote> PeekAsync(string key, CancellationToken cancellationToken = default) =>
        FencePeek.Of(await _calls.TryAskAsync("GET", _calls.ReadLimit, FencePeek.Request(key), cancellationToken).ConfigureAwait(false)
            ?? await _calls.CallAsync("GET", _calls.ReadLimit, key, FencePeek.AskAsync, cancellationToken).ConfigureAwait(false));

    public ValueTask<FenceNote> NoteAsync(
        string key, TimeSpan fenceLife, string? owner = null, TimeSpan lease = default, CancellationToken cancellationToken = default) =>
        RunNoteAsync(key, fenceLife, WithoutValue + owner, lease, cancellationToken);

    public ValueTask<FenceOutcome> StoreAsync(string key, ReadOnlyMemory<byte> value, FencedWrite write, CancellationToken cancellationToken = default) =>
        Mutant.NoFence ? PutAsync(key, value, write with { Generation = FenceToken.New() }, cancellationToken) : WriteAsync(
            FenceScript.Store,
            key,
            [value, write.IsRemoval ? "-" : Milliseconds(write.TimeToLive), write.Generation, Text(write.Revision), Milliseconds(write.FenceLife), write.Owner ?? string.Empty],
            cancellationToken);

    public ValueTask<FenceOutcome> PutAsync(string key, ReadOnlyMemory<byte> value, FencedWrite write, CancellationToken cancellationToken = default) =>
        WriteAsync(
            FenceScript.Put,
            key,
            [value, Milliseconds(write.TimeToLive), write.Generation, Text(write.Revision), Milliseconds(write.FenceLife)],
            cancellationToken);

    public async ValueTask<bool> ExtendAsync(
        string key, string generation, TimeSpan timeToLive, TimeSpan fenceLife, CancellationToken cancellationToken = default) =>
        await WriteAsync(FenceScript.Extend, key, [generation, Milliseconds(timeToLive), Milliseconds(fenceLife)], cancellationToken).ConfigureAwait(false) == FenceOutcome.Stored;

    public async ValueTask InvalidateAsync(string key, TimeSpan fenceLife, CancellationToken cancellationToken = default) =>
        await WriteAsync(FenceScript.Invalidate, key, [FenceToken.New(), Milliseconds(fenceLife)], cancellationToken).ConfigureAwait(false);

    public async ValueTask<DropOutcome> DropAsync(string key, bool onlyWithoutValue = false, CancellationToken cancellationToken = default) =>
        (await _scripts.RunAsync(FenceScript.Drop, Keys(key), [onlyWithoutValue ? "1" : "0"], _calls.WriteLimit, cancellationToken).ConfigureAwait(false)).Text switch
        {
            "dropped" => DropOutcome.Dropped,
            "kept" => DropOutcome.Kept,
            _ => DropOutcome.Absent,
        };

    public ValueTask<FenceOutcome> DenyAsync(string key, string status, long? revision, TimeSpan fenceLife, CancellationToken cancellationToken = default) =>
        WriteAsync(FenceScript.Deny, key, [Text(revision), status, FenceToken.New(), Milliseconds(fenceLife)], cancellationToken);

    public ValueTask<FenceOutcome> MarkAbsentAsync(string key, string generation, TimeSpan life, string? owner, CancellationToken cancellationToken = default) =>
        WriteAsync(FenceScript.Absent, key, [generation, Milliseconds(life), owner ?? string.Empty], cancellationToken);

    public async ValueTask<bool> RenewAsync(string key, string owner, TimeSpan lease, CancellationToken cancellationToken = default) =>
        (await _scripts.RunAsync(FenceScript.Renew, [FenceKeys.Lease(key)], [owner, Milliseconds(lease)], _calls.WriteLimit, cancellationToken).ConfigureAwait(false)).Text == "renewed";

    public async ValueTask ReleaseAsync(string key, string owner, CancellationToken cancellationToken = default) =>
        await _scripts.RunAsync(FenceScript.Release, [FenceKeys.Lease(key)], [owner], _calls.WriteLimit, cancellationToken).ConfigureAwait(false);

    private static DirectRequest Read(string key)
    {
        var builder = new RespBuilder(ReadSize(key));
        AddRead(ref builder, key);
        return new DirectRequest(key, builder.Written, ReadReplies, IsRead: true);
    }

    /// <summary>About how long the commands are that read a key.</summary>
    public static int ReadSize(string key) => (key.Length * 3) + 128;

    /// <summary>The commands that read a key.</summary>
    public static void AddRead(ref RespBuilder builder, string key)
    {
        builder.Begin(2);
        builder.Part("GET"u8);
        builder.Part(key);
        builder.Begin(2);
        builder.Part("PTTL"u8);
        builder.Part(key);
        builder.Begin(5);
        builder.Part("HMGET"u8);
        builder.Part(FenceKeys.Fence(key));
        builder.Part("r"u8);
        builder.Part("d"u8);
        builder.Part("dr"u8);
    }

    /// <summary>What they were answered, if that is all that is needed.</summary>
    public static bool TryHit(ReadOnlySpan<RespValue> replies, out FenceNote note)
    {
        if (replies is not [{ Bytes: { } value }, { Kind: RespKind.Number, Number: not NoKey and var remaining }, { Items: [var revision, var denial, var denialRevision] }])
        {
            note = default;
            return false;
        }

        note = new FenceNote
        {
            Value = value,
            Remaining = Life(remaining),
            Revision = Revision(revision),
            Denial = TextOf(denial),
            DenialRevision = Revision(denialRevision),
        };
        return true;
    }

    private async ValueTask<FenceNote> ReadSlowlyAsync(
        ValueTask<RespValue[]?> reading, string key, TimeSpan fenceLife, string? owner, TimeSpan lease, CancellationToken cancellationToken) =>
        TryHit(await reading.ConfigureAwait(false), out var note)
            ? note
            : await RunNoteAsync(key, fenceLife, owner ?? string.Empty, lease, cancellationToken).ConfigureAwait(false);

    /// <summary>What the script is given that reads a key, or else notes its fence.</summary>
    public static (string[] Keys, ScriptArgument[] Arguments) NoteRun(string key, TimeSpan fenceLife, string owner, TimeSpan lease) =>
        (Keys(key), [FenceToken.New(), Milliseconds(fenceLife), owner, Milliseconds(lease)]);

    /// <summary>What it answers. Run a second time by the same owner, it may find the lease that the first has taken.</summary>
    public static FenceNote NoteOf(RespValue reply, string owner)
    {
        var answer = reply.Items;
        var value = answer[0].Bytes;
        var remaining = answer[1].Number;
        var holder = TextOf(answer[7]);
        var isOwn = holder is not null && (holder == owner || WithoutValue + holder == owner);
        return new FenceNote
        {
            Value = value,
            Remaining = value is null ? null : Life(remaining),
            IsLeased = isOwn || answer[2].Number == 1,
            Generation = value is null ? TextOf(answer[3]) : null,
            Revision = Revision(answer[4]),
            Denial = TextOf(answer[5]),
            DenialRevision = Revision(answer[6]),
            IsAbsent = holder == "-",
            IsLeasedElsewhere = holder is not null and not "-" && !isOwn,
        };
    }

    public async ValueTask<FenceNote> RunNoteAsync(string key, TimeSpan fenceLife, string owner, TimeSpan lease, CancellationToken cancellationToken)
    {
        var (keys, arguments) = NoteRun(key, fenceLife, owner, lease);
        return NoteOf(await _scripts.RunAsync(FenceScript.Note, keys, arguments, _calls.ReadLimit, cancellationToken).ConfigureAwait(false), owner);
    }

    private async ValueTask<FenceOutcome> WriteAsync(ValkeyScript script, string key, ScriptArgument[] arguments, CancellationToken cancellationToken)
    {
        var answer = await _scripts.RunAsync(script, Keys(key), arguments, _calls.WriteLimit, cancellationToken).ConfigureAwait(false);
        return answer.Text switch
        {
            "stored" => FenceOutcome.Stored,
            "outdated" => FenceOutcome.Outdated,
            "denied" => FenceOutcome.Denied,
            _ => FenceOutcome.Overtaken,
        };
    }

    private static string[] Keys(string key) => [key, FenceKeys.Fence(key), FenceKeys.Lease(key)];

    private static long Milliseconds(TimeSpan time) => time <= TimeSpan.Zero ? 0 : Math.Max(1, (long)time.TotalMilliseconds);

    private static string Text(long? revision) => revision is >= 0 ? revision.Value.ToString(CultureInfo.InvariantCulture) : string.Empty;

    /// <summary>What PTTL says; null when it never ends, as far as anybody here counts: the server counts further.</summary>
    internal static TimeSpan? Life(long milliseconds) =>
        milliseconds >= 0 && milliseconds < Expirations.Longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    internal static string? TextOf(RespValue value) => value.Kind == RespKind.Null ? null : value.Text;

    internal static long? Revision(RespValue value) =>
        value.Kind != RespKind.Null && long.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null;
}
