using Cache.Core.Fencing;

namespace TenantManager.Client.Reference;

/// <summary>
/// Another service's fences, read by reading commands alone. A fetch notes no generation here, and so has none to write with: what it
/// answers stays in this process. Nor is there a lease: a key that Valkey does not hold is asked for once by each process.
/// </summary>
internal sealed class ReadOnlyFence(IFence inner) : IFence
{
    public ValueTask<FenceNote> ReadAsync(string key, TimeSpan fenceLife, string? owner, TimeSpan lease, CancellationToken cancellationToken = default) =>
        inner.PeekAsync(key, cancellationToken);

    public ValueTask<FenceNote> PeekAsync(string key, CancellationToken cancellationToken = default) => inner.PeekAsync(key, cancellationToken);

    public ValueTask<FenceNote> NoteAsync(string key, TimeSpan fenceLife, string? owner = null, TimeSpan lease = default, CancellationToken cancellationToken = default) =>
        default;

    public ValueTask<bool> RenewAsync(string key, string owner, TimeSpan lease, CancellationToken cancellationToken = default) => ValueTask.FromResult(false);

    public ValueTask ReleaseAsync(string key, string owner, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public ValueTask<FenceOutcome> StoreAsync(string key, ReadOnlyMemory<byte> value, FencedWrite write, CancellationToken cancellationToken = default) =>
        throw ReadOnlyCacheClient.Refusal();

    public ValueTask<FenceOutcome> PutAsync(string key, ReadOnlyMemory<byte> value, FencedWrite write, CancellationToken cancellationToken = default) =>
        throw ReadOnlyCacheClient.Refusal();

    public ValueTask InvalidateAsync(string key, TimeSpan fenceLife, CancellationToken cancellationToken = default) => throw ReadOnlyCacheClient.Refusal();

    public ValueTask<DropOutcome> DropAsync(string key, bool onlyWithoutValue = false, CancellationToken cancellationToken = default) => throw ReadOnlyCacheClient.Refusal();

    public ValueTask<FenceOutcome> DenyAsync(string key, string status, long? revision, TimeSpan fenceLife, CancellationToken cancellationToken = default) =>
        throw ReadOnlyCacheClient.Refusal();

    public ValueTask<FenceOutcome> MarkAbsentAsync(string key, string generation, TimeSpan life, string? owner, CancellationToken cancellationToken = default) =>
        throw ReadOnlyCacheClient.Refusal();
}
