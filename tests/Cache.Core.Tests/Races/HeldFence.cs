using System.Collections.Concurrent;
using Cache.Core.Fencing;
using Cache.Core.Tests.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Races;

/// <summary>One pod's way to the real fence, held before or after a step, or cut.</summary>
internal sealed class HeldFence(IFence real) : IFence
{
    private readonly ConcurrentDictionary<FenceStep, Gate> _before = new();
    private readonly ConcurrentDictionary<FenceStep, Gate> _after = new();
    private readonly ConcurrentDictionary<FenceStep, bool> _failing = new();

    /// <summary>While set, this pod reaches no Valkey.</summary>
    public bool IsAway { get; set; }

    /// <summary>The next such step waits before Valkey hears of it.</summary>
    public Gate HoldBefore(FenceStep step) => _before[step] = new Gate();

    /// <summary>The answer of the next such step waits on its way back.</summary>
    public Gate HoldAfter(FenceStep step) => _after[step] = new Gate();

    /// <summary>The next such step is lost on its way.</summary>
    public void Lose(FenceStep step) => _failing[step] = true;

    public ValueTask<FenceNote> ReadAsync(string key, TimeSpan fenceLife, string? owner, TimeSpan lease, CancellationToken cancellationToken = default) =>
        RunAsync(FenceStep.Read, () => real.ReadAsync(key, fenceLife, owner, lease, cancellationToken), cancellationToken);

    public ValueTask<FenceNote> NoteAsync(string key, TimeSpan fenceLife, string? owner = null, TimeSpan lease = default, CancellationToken cancellationToken = default) =>
        RunAsync(FenceStep.Note, () => real.NoteAsync(key, fenceLife, owner, lease, cancellationToken), cancellationToken);

    public ValueTask<FenceOutcome> StoreAsync(string key, ReadOnlyMemory<byte> value, FencedWrite write, CancellationToken cancellationToken = default) =>
        RunAsync(FenceStep.Store, () => real.StoreAsync(key, value, write, cancellationToken), cancellationToken);

    public ValueTask<FenceOutcome> PutAsync(string key, ReadOnlyMemory<byte> value, FencedWrite write, CancellationToken cancellationToken = default) =>
        RunAsync(FenceStep.Put, () => real.PutAsync(key, value, write, cancellationToken), cancellationToken);

    public async ValueTask InvalidateAsync(string key, TimeSpan fenceLife, CancellationToken cancellationToken = default) =>
        await RunAsync(
            FenceStep.Invalidate,
            async () =>
            {
                await real.InvalidateAsync(key, fenceLife, cancellationToken);
                return true;
            },
            cancellationToken);

    public ValueTask<DropOutcome> DropAsync(string key, bool onlyWithoutValue = false, CancellationToken cancellationToken = default) =>
        real.DropAsync(key, onlyWithoutValue, cancellationToken);

    public ValueTask<FenceOutcome> DenyAsync(string key, string status, long? revision, TimeSpan fenceLife, CancellationToken cancellationToken = default) =>
        RunAsync(FenceStep.Deny, () => real.DenyAsync(key, status, revision, fenceLife, cancellationToken), cancellationToken);

    public ValueTask<FenceOutcome> MarkAbsentAsync(string key, string generation, TimeSpan life, string? owner, CancellationToken cancellationToken = default) =>
        RunAsync(FenceStep.MarkAbsent, () => real.MarkAbsentAsync(key, generation, life, owner, cancellationToken), cancellationToken);

    public ValueTask<bool> RenewAsync(string key, string owner, TimeSpan lease, CancellationToken cancellationToken = default) =>
        RunAsync(FenceStep.Renew, () => real.RenewAsync(key, owner, lease, cancellationToken), cancellationToken);

    public async ValueTask ReleaseAsync(string key, string owner, CancellationToken cancellationToken = default) =>
        await RunAsync(
            FenceStep.Release,
            async () =>
            {
                await real.ReleaseAsync(key, owner, cancellationToken);
                return true;
            },
            cancellationToken);

    private async ValueTask<TResult> RunAsync<TResult>(FenceStep step, Func<ValueTask<TResult>> call, CancellationToken cancellationToken)
    {
        if (_before.TryRemove(step, out var before))
            await before.PassAsync(cancellationToken);
        if (IsAway || _failing.TryRemove(step, out _))
            throw new CacheUnavailableException($"{step} was lost.");
        var result = await call();
        if (_after.TryRemove(step, out var after))
            await after.PassAsync(cancellationToken);
        return result;
    }
}
