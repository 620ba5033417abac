using Cache.Core.Fencing;

namespace Cache.Core.Valkey;

/// <summary>The double's <see cref="IFence"/>: the scripts' meaning, in memory.</summary>
/// <param name="call">Runs a step as one command of the double: with its failures, its hooks, under its lock.</param>
/// <param name="values">The double's values.</param>
/// <param name="time">The double's clock.</param>
internal sealed class InMemoryFence(InMemoryFence.ICommands call, InMemoryValues values, TimeProvider time) : IFence, IManyFence
{
    private const string AbsentMark = "-";
    private readonly Dictionary<string, State> _fences = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Owner, DateTimeOffset Expiration)> _leases = new(StringComparer.Ordinal);

    /// <summary>How the double runs a command.</summary>
    internal interface ICommands
    {
        ValueTask<TResult> RunAsync<TResult>(string command, Func<TResult> step, CancellationToken cancellationToken);
    }

    public ValueTask<FenceNote> ReadAsync(string key, TimeSpan fenceLife, string? owner, TimeSpan lease, CancellationToken cancellationToken = default) =>
        call.RunAsync("GET", () => values.Find(key) is { } value ? Hit(key, value) : owner is null ? Look(key) : Note(key, fenceLife, owner, lease), cancellationToken);

    public ValueTask<FenceHit[]> ReadHitsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) => call.RunAsync(
        "GET", () => keys.Select(key => new FenceHit(values.Find(key) is { } value ? Hit(key, value) : null)).ToArray(), cancellationToken);

    public ValueTask<FenceNote?[]> ReadManyAsync(
        IReadOnlyList<(string Key, string? Owner)> keys, TimeSpan fenceLife, TimeSpan lease, CancellationToken cancellationToken) => call.RunAsync(
        "GET",
        () => keys.Select(ask => (FenceNote?)(values.Find(ask.Key) is { } value ? Hit(ask.Key, value) : ask.Owner is null ? Look(ask.Key) : Note(ask.Key, fenceLife, ask.Owner, lease))).ToArray(),
        cancellationToken);

    public ValueTask<FenceNote> NoteAsync(
        string key, TimeSpan fenceLife, string? owner = null, TimeSpan lease = default, CancellationToken cancellationToken = default) =>
        call.RunAsync("NOTE", () => Note(key, fenceLife, owner, lease), cancellationToken);

    public ValueTask<FenceOutcome> StoreAsync(string key, ReadOnlyMemory<byte> value, FencedWrite write, CancellationToken cancellationToken = default) =>
        call.RunAsync("SET", () => Store(key, value, write), cancellationToken);

    public ValueTask<FenceOutcome> PutAsync(string key, ReadOnlyMemory<byte> value, FencedWrite write, CancellationToken cancellationToken = default) =>
        call.RunAsync("SET", () => Put(key, value, write), cancellationToken);

    public ValueTask<bool> ExtendAsync(string key, string generation, TimeSpan timeToLive, TimeSpan fenceLife, CancellationToken cancellationToken = default) =>
        call.RunAsync("EXTEND", () => Extend(key, generation, timeToLive, fenceLife), cancellationToken);

    public async ValueTask InvalidateAsync(string key, TimeSpan fenceLife, CancellationToken cancellationToken = default) =>
        await call.RunAsync("DEL", () => Invalidate(key, fenceLife), cancellationToken).ConfigureAwait(false);

    /// <summary>The names of the fences that there are and that match: as the server has them, beside the values.</summary>
    public IEnumerable<string> NamesLike(string pattern)
    {
        var matching = GlobPattern.Parse(pattern);
        return _fences.Keys.Where(key => Find(key) is not null).Select(FenceKeys.Fence).Where(name => matching.IsMatch(name));
    }

    public ValueTask<DropOutcome> DropAsync(string key, bool onlyWithoutValue = false, CancellationToken cancellationToken = default) =>
        call.RunAsync("DEL", () => Drop(key, onlyWithoutValue), cancellationToken);

    public ValueTask<FenceOutcome> DenyAsync(string key, string status, long? revision, TimeSpan fenceLife, CancellationToken cancellationToken = default) =>
        call.RunAsync("DENY", () => Deny(key, status, revision, fenceLife), cancellationToken);

    public ValueTask<FenceOutcome> MarkAbsentAsync(string key, string generation, TimeSpan life, string? owner, CancellationToken cancellationToken = default) =>
        call.RunAsync("DEL", () => MarkAbsent(key, generation, life, owner), cancellationToken);

    public ValueTask<bool> RenewAsync(string key, string owner, TimeSpan lease, CancellationToken cancellationToken = default) =>
        call.RunAsync("RENEW", () => Renew(key, owner, lease), cancellationToken);

    public async ValueTask ReleaseAsync(string key, string owner, CancellationToken cancellationToken = default) =>
        await call.RunAsync("RELEASE", () => Release(key, owner), cancellationToken).ConfigureAwait(false);

    private FenceNote Hit(string key, byte[] value)
    {
        var fence = Find(key);
        return new FenceNote
        {
            Value = value,
            Remaining = values.Remaining(key),
            Revision = fence?.Revision,
            Denial = fence?.Denial,
            DenialRevision = fence?.DenialRevision,
        };
    }

    private FenceNote Look(string key)
    {
        var fence = Find(key);
        var holder = Holder(key);
        return new FenceNote
        {
            Revision = fence?.Revision,
            Denial = fence?.Denial,
            DenialRevision = fence?.DenialRevision,
            IsAbsent = holder == AbsentMark,
            IsLeasedElsewhere = holder is not null and not AbsentMark,
        };
    }

    private FenceNote Note(string key, TimeSpan fenceLife, string? owner, TimeSpan lease)
    {
        var fence = Touch(key, fenceLife);
        var holder = Holder(key);
        var isLeased = owner is not null && fence.Denial is null && (holder is null || holder == owner);
        if (isLeased)
            _leases[key] = (owner!, time.GetUtcNow() + lease);
        return new FenceNote
        {
            Generation = fence.Generation,
            Revision = fence.Revision,
            Denial = fence.Denial,
            DenialRevision = fence.DenialRevision,
            IsLeased = isLeased,
            IsAbsent = owner is not null && holder == AbsentMark,
            IsLeasedElsewhere = owner is not null && holder is not null and not AbsentMark && !isLeased,
        };
    }

    private FenceOutcome Store(string key, ReadOnlyMemory<byte> value, FencedWrite write)
    {
        Release(key, write.Owner);
        var fence = Find(key);
        if (fence?.Generation != write.Generation)
            return FenceOutcome.Overtaken;
        return Write(key, value, write, fence!);
    }

    private FenceOutcome Put(string key, ReadOnlyMemory<byte> value, FencedWrite write)
    {
        var fence = Touch(key, write.FenceLife);
        if (fence.Denial is not null && write.Revision is null)
            return FenceOutcome.Denied;
        var outcome = Write(key, value, write, fence);
        if (outcome == FenceOutcome.Stored)
            fence.Generation = write.Generation;
        return outcome;
    }

    private FenceOutcome Write(string key, ReadOnlyMemory<byte> value, FencedWrite write, State fence)
    {
        if (write.Revision is { } revision)
        {
            if (fence.Revision > revision)
                return FenceOutcome.Outdated;
            if (fence.DenialRevision >= revision)
                return FenceOutcome.Denied;
            fence.Revision = revision;
        }

        (fence.Denial, fence.DenialRevision) = (null, null);
        Touch(key, write.FenceLife);
        if (write.IsRemoval)
            values.Remove(key);
        else
            values.Store(key, value, write.TimeToLive);
        _leases.Remove(key);
        return FenceOutcome.Stored;
    }

    private bool Extend(string key, string generation, TimeSpan timeToLive, TimeSpan fenceLife)
    {
        var fence = Find(key);
        if ((fence is not null && fence.Generation != generation) || values.Find(key) is not { } value)
            return false;
        if (fence is not null)
            Touch(key, fenceLife);
        return values.Store(key, value, timeToLive);
    }

    private bool Invalidate(string key, TimeSpan fenceLife)
    {
        var fence = Touch(key, fenceLife);
        fence.Generation = FenceToken.New();
        fence.Denial = null;
        _leases.Remove(key);
        return values.Remove(key);
    }

    private DropOutcome Drop(string key, bool onlyWithoutValue)
    {
        if (onlyWithoutValue && values.Find(key) is not null)
            return DropOutcome.Kept;
        if (Find(key) is { } fence)
            fence.Generation = FenceToken.New();
        _leases.Remove(key);
        return values.Remove(key) ? DropOutcome.Dropped : DropOutcome.Absent;
    }

    private FenceOutcome Deny(string key, string status, long? revision, TimeSpan fenceLife)
    {
        var fence = Touch(key, fenceLife);
        if (fence.Revision > revision)
            return FenceOutcome.Outdated;
        if (revision is not null)
            (fence.Revision, fence.DenialRevision) = (revision, revision);
        (fence.Denial, fence.Generation) = (status, FenceToken.New());
        _leases.Remove(key);
        values.Remove(key);
        return FenceOutcome.Stored;
    }

    private FenceOutcome MarkAbsent(string key, string generation, TimeSpan life, string? owner)
    {
        Release(key, owner);
        if (Find(key) is not { } fence || fence.Generation != generation)
            return FenceOutcome.Overtaken;
        fence.Denial = null;
        values.Remove(key);
        if (life > TimeSpan.Zero)
            _leases[key] = (AbsentMark, time.GetUtcNow() + life);
        return FenceOutcome.Stored;
    }

    private bool Renew(string key, string owner, TimeSpan lease)
    {
        if (Holder(key) != owner)
            return false;
        _leases[key] = (owner, time.GetUtcNow() + lease);
        return true;
    }

    private bool Release(string key, string? owner) =>
        owner is not null && _leases.TryGetValue(key, out var lease) && lease.Owner == owner && _leases.Remove(key);

    private string? Holder(string key) =>
        _leases.TryGetValue(key, out var lease) && lease.Expiration > time.GetUtcNow() ? lease.Owner : null;

    private State? Find(string key) => _fences.TryGetValue(key, out var fence) && fence.Expiration > time.GetUtcNow() ? fence : null;

    private State Touch(string key, TimeSpan life)
    {
        var fence = Find(key) ?? new State();
        _fences[key] = fence;
        var expiration = time.GetUtcNow() + life;
        if (fence.Expiration < expiration)
            fence.Expiration = expiration;
        return fence;
    }

    private sealed class State
    {
        public string Generation { get; set; } = FenceToken.New();

        public long? Revision { get; set; }

        public string? Denial { get; set; }

        public long? DenialRevision { get; set; }

        public DateTimeOffset Expiration { get; set; }
    }
}
