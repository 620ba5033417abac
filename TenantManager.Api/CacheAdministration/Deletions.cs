using System.Collections.Concurrent;
using Cache.Core.Administration;
using Cache.Core.Coherence;
using Cache.Core.Fencing;
using Cache.Core.Valkey;
using TenantManager.Api.Audit;
using TenantManager.Api.Errors;
using TenantManager.Api.Pods;
using TenantManager.Api.Security;
using TenantManager.Api.Storage;

namespace TenantManager.Api.CacheAdministration;

/// <summary>
/// What administrators delete. The order is always: the audit log, then Valkey, then the answer: what cannot be written down is not
/// done. A deletion by pattern is carried out by the instance that was asked, and is known to all.
/// </summary>
internal sealed partial class Deletions(
    ICacheClient client,
    ICoherence coherence,
    DeletionStore store,
    StateDatabase database,
    AuditTrail audit,
    CallerAccess callers,
    ManagerAnnouncement self,
    TimeProvider time,
    ILogger<Deletions> logger) : IHostedService, IDisposable
{
    /// <summary>The most deletions by pattern that an instance carries out at a time.</summary>
    private const int Most = 4;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Task> _running = new(StringComparer.Ordinal);
    private int _count;
    private bool _isDisposed;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // A test's host is disposed before it is stopped.
        if (!_isDisposed)
            await _stopping.CancelAsync();
        await Task.WhenAll(_running.Values).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _stopping.Cancel();
        _stopping.Dispose();
    }

    /// <summary>Deletes one key; whether it had a value.</summary>
    /// <exception cref="ApiException">It is not to be deleted.</exception>
    /// <exception cref="CacheUnavailableException">Valkey does not answer.</exception>
    public async Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        if (SparedKeys.Contains(key))
            throw KeyPattern.Wrong("key", "is not a cache's: it guards values against fetches that were overtaken, or is the tenant-manager's own, and ends by itself");
        await WriteDownAsync(AuditActions.CacheKeyDeleted, key, status: null, cancellationToken);
        var outcome = await client.Fence.DropAsync(key, cancellationToken: cancellationToken);
        await coherence.AnnounceAsync(key, cancellationToken);
        return outcome == DropOutcome.Dropped;
    }

    /// <summary>Begins a deletion by pattern.</summary>
    /// <exception cref="ApiException">Too many are under way.</exception>
    /// <exception cref="CacheUnavailableException">Valkey does not answer.</exception>
    public async Task<DeletionState> BeginAsync(string pattern, int keysPerSecond, CancellationToken cancellationToken)
    {
        var deletion = new PatternDeletion(client, coherence, pattern, SparedKeys.Contains);
        if (Interlocked.Increment(ref _count) > Most)
        {
            Interlocked.Decrement(ref _count);
            throw ApiErrors.WrongState("tenant-manager", $"carrying out {Most} deletions", "asked for another one until one of them has ended");
        }

        try
        {
            var state = new DeletionState
            {
                Id = DeletionStore.NewId(),
                Pattern = pattern,
                KeysPerSecond = keysPerSecond,
                StartedAt = time.GetUtcNow(),
                StartedBy = callers.Current.Actor,
                Instance = self.Instance,
            };
            await WriteDownAsync(AuditActions.CacheDeletionStarted, $"{state.Id} {pattern}", DeletionStatus.Running, cancellationToken);
            await store.SaveAsync(state, cancellationToken);
            var run = new DeletionRun(store, deletion, state, time);

            // Of its own: it outlives the request, and is nobody's in the traces.
            using (ExecutionContext.SuppressFlow())
                _running[state.Id] = Task.Run(() => RunAsync(run), CancellationToken.None);
            return state;
        }
        catch
        {
            Interlocked.Decrement(ref _count);
            throw;
        }
    }

    /// <summary>A deletion as it is.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public async Task<DeletionState> FindAsync(string id, CancellationToken cancellationToken) =>
        DeletionStore.IsId(id) && await store.FindAsync(id, cancellationToken) is { } state ? state : throw ApiErrors.DeletionNotFound();

    /// <summary>Ends a deletion before its next step, whichever instance carries it out. Does nothing to one that has ended.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public async Task<DeletionState> CancelAsync(string id, CancellationToken cancellationToken)
    {
        var state = await FindAsync(id, cancellationToken);
        if (state.Status != DeletionStatus.Running || state.IsCancelling)
            return state;
        await WriteDownAsync(AuditActions.CacheDeletionCancelled, id, DeletionStatus.Cancelled, cancellationToken);
        await store.CancelAsync(id, cancellationToken);
        return await FindAsync(id, cancellationToken);
    }

    private async Task RunAsync(DeletionRun run)
    {
        try
        {
            await run.RunAsync(_stopping.Token);
            await WriteDownAsync(AuditActions.CacheDeletionEnded, $"{run.State.Id} {run.State.Deleted} deleted", run.State.Status, CancellationToken.None);
            LogEnded(run.State.Id, run.State.Status, run.State.Deleted);
        }
        catch (Exception exception)
        {
            // The audit log has its beginning, and Valkey how far it came.
            LogFailed(run.State.Id, run.State.Status, exception.GetType().Name);
        }
        finally
        {
            _running.TryRemove(run.State.Id, out _);
            Interlocked.Decrement(ref _count);
        }
    }

    private Task WriteDownAsync(string action, string target, string? status, CancellationToken cancellationToken) => database.ChangeAsync(
        async connection =>
        {
            await audit.AddAsync(connection, new AuditEntry(action) { Target = target, StatusAfter = status });
            return true;
        },
        cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deletion {Id} has ended: {Status}, {Deleted} values deleted")]
    private partial void LogEnded(string id, string status, long deleted);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of deletion {Id} ({Status}) could not be written down: {Reason}")]
    private partial void LogFailed(string id, string status, string reason);
}
