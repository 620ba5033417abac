using Cache.Core.Fencing;
using Cache.Core.Valkey;

namespace TenantPlatform.FaultRuns.Protocol;

/// <summary>A pod's way to the real fence: slow before a command reaches Valkey or on its answer's way back, or no way at all.</summary>
internal sealed class StallingFence(IFence real, ProtocolProfile profile, Dice dice) : IFence
{
    private const double LostAnswerShare = 0.5;
    private long _failedRevocations;

    /// <summary>While set, this pod reaches no Valkey, or hears no answer of it.</summary>
    public bool IsAway { get; set; }

    /// <summary>How many invalidations and denials are not known to have taken effect.</summary>
    public long FailedRevocations => Interlocked.Read(ref _failedRevocations);

    public ValueTask<FenceNote> ReadAsync(string key, TimeSpan fenceLife, string? owner, TimeSpan lease, CancellationToken cancellationToken = default) =>
        RunAsync(() => real.ReadAsync(key, fenceLife, owner, lease, cancellationToken), cancellationToken);

    public ValueTask<FenceNote> NoteAsync(string key, TimeSpan fenceLife, string? owner = null, TimeSpan lease = default, CancellationToken cancellationToken = default) =>
        RunAsync(() => real.NoteAsync(key, fenceLife, owner, lease, cancellationToken), cancellationToken);

    public ValueTask<FenceOutcome> StoreAsync(string key, ReadOnlyMemory<byte> value, FencedWrite write, CancellationToken cancellationToken = default) =>
        RunAsync(() => real.StoreAsync(key, value, write, cancellationToken), cancellationToken);

    public ValueTask<FenceOutcome> PutAsync(string key, ReadOnlyMemory<byte> value, FencedWrite write, CancellationToken cancellationToken = default) =>
        RunAsync(() => real.PutAsync(key, value, write, cancellationToken), cancellationToken);

    public async ValueTask InvalidateAsync(string key, TimeSpan fenceLife, CancellationToken cancellationToken = default) => await RevokeAsync(
        async () =>
        {
            await real.InvalidateAsync(key, fenceLife, cancellationToken);
            return true;
        },
        cancellationToken);

    public ValueTask<DropOutcome> DropAsync(string key, bool onlyWithoutValue = false, CancellationToken cancellationToken = default) =>
        real.DropAsync(key, onlyWithoutValue, cancellationToken);

    public ValueTask<FenceOutcome> DenyAsync(string key, string status, long? revision, TimeSpan fenceLife, CancellationToken cancellationToken = default) =>
        RevokeAsync(() => real.DenyAsync(key, status, revision, fenceLife, cancellationToken), cancellationToken);

    public ValueTask<FenceOutcome> MarkAbsentAsync(string key, string generation, TimeSpan life, string? owner, CancellationToken cancellationToken = default) =>
        RunAsync(() => real.MarkAbsentAsync(key, generation, life, owner, cancellationToken), cancellationToken);

    public ValueTask<bool> RenewAsync(string key, string owner, TimeSpan lease, CancellationToken cancellationToken = default) =>
        RunAsync(() => real.RenewAsync(key, owner, lease, cancellationToken), cancellationToken);

    public async ValueTask ReleaseAsync(string key, string owner, CancellationToken cancellationToken = default) => await RunAsync(
        async () =>
        {
            await real.ReleaseAsync(key, owner, cancellationToken);
            return true;
        },
        cancellationToken);

    private async ValueTask<T> RevokeAsync<T>(Func<ValueTask<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(call, cancellationToken);
        }
        catch
        {
            Interlocked.Increment(ref _failedRevocations);
            throw;
        }
    }

    private async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> call, CancellationToken cancellationToken)
    {
        if (dice.Falls(profile.StallShare))
            await Task.Delay(dice.Between(0, 300), cancellationToken);
        if (IsAway && !dice.Falls(LostAnswerShare))
            throw new CacheUnavailableException("The command was lost.");
        var answer = await call();
        if (IsAway)
            throw new CacheUnavailableException("The answer was lost.");
        if (dice.Falls(profile.StallShare))
            await Task.Delay(dice.Between(0, profile.LongestStall), cancellationToken);
        return answer;
    }
}
