using TenantPlatform.FaultRuns.History;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Workload;

/// <summary>Changes tenants at the tenant-manager and writes down what has really happened, also when no answer came.</summary>
/// <param name="manager">The tenant-manager.</param>
/// <param name="recorder">Where it is written down.</param>
/// <param name="suspendsAll">Whether tenants are suspended as a whole, and not for the ledger alone.</param>
internal sealed class Administrator(Testbed.TenantManager manager, Recorder recorder, bool suspendsAll = false)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(300);

    /// <summary>Makes a change; false when it is not known to have happened.</summary>
    public async Task<bool> ChangeAsync(TenantAccount account, ChangeKind kind, CancellationToken cancellationToken)
    {
        var sent = recorder.Now;
        if (!await TryAsync(stop => SendAsync(account.Tenant, kind, stop), cancellationToken))
        {
            account.Pending ??= (kind, sent);
            await FindOutAsync(account, cancellationToken);
            return false;
        }

        var acknowledged = recorder.Now;
        if (account.Pending is not null)
            await FindOutAsync(account, cancellationToken, announced: (kind, sent, acknowledged));
        else
            Record(account, kind, sent, acknowledged, account.Revision + (kind == ChangeKind.Invalidate ? 0 : 1), isAnnounced: true);
        return true;
    }

    /// <summary>Reads the tenant's state until it is told, and records what has changed since it was known last.</summary>
    public async Task FindOutAsync(
        TenantAccount account, CancellationToken cancellationToken, (ChangeKind Kind, TimeSpan Sent, TimeSpan Acknowledged)? announced = null)
    {
        (bool IsServed, long Revision) state = default;
        while (!await TryAsync(async stop => state = await manager.StateAsync(account.Tenant, stop), cancellationToken))
            await Task.Delay(Retry, cancellationToken);

        var expected = account.Revision + (announced is { Kind: not ChangeKind.Invalidate } ? 1 : 0);
        if (account.Pending is { } pending && (state.Revision > expected || pending.Kind == ChangeKind.Invalidate))
        {
            // Which one it was, of several that nobody answered, shows in what has become of the tenant.
            if (state.Revision > expected)
                Record(account, announced is null ? KindOf(account, state.IsServed, pending.Kind) : pending.Kind, pending.Sent, recorder.Now, account.Revision + 1, isAnnounced: false);

            // One that is not there yet may still come: a starved tenant-manager commits it after its caller has given up.
            account.Pending = null;
        }

        if (announced is { } known)
            Record(account, known.Kind, known.Sent, known.Acknowledged, state.Revision, isAnnounced: true);
        account.Revision = state.Revision;
        account.IsSuspended = !state.IsServed;
    }

    private void Record(TenantAccount account, ChangeKind kind, TimeSpan sent, TimeSpan acknowledged, long revision, bool isAnnounced)
    {
        account.Revision = revision;
        account.IsSuspended = kind switch
        {
            ChangeKind.Suspend => true,
            ChangeKind.Reactivate => false,
            _ => account.IsSuspended,
        };
        recorder.Add(new Change(kind, account.Number, sent, acknowledged, revision, isAnnounced));
    }

    private static ChangeKind KindOf(TenantAccount account, bool isServed, ChangeKind asked) => (account.IsSuspended, isServed) switch
    {
        (false, false) => ChangeKind.Suspend,
        (true, true) => ChangeKind.Reactivate,
        _ => asked is ChangeKind.Invalidate ? ChangeKind.Rotate : asked,
    };

    private Task SendAsync(Tenant tenant, ChangeKind kind, CancellationToken cancellationToken) => kind switch
    {
        ChangeKind.Suspend when suspendsAll => manager.SuspendEverywhereAsync(tenant, cancellationToken),
        ChangeKind.Suspend => manager.SuspendAsync(tenant, cancellationToken),
        ChangeKind.Reactivate => manager.ReactivateAsync(tenant, cancellationToken),
        ChangeKind.Rotate => manager.RotateCredentialsAsync(tenant, cancellationToken),
        _ => manager.InvalidateConfigAsync(tenant, cancellationToken),
    };

    private static async Task<bool> TryAsync(Func<CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await act(limit.Token);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is PlatformException or HttpRequestException or OperationCanceledException or IOException)
        {
            return false;
        }
    }
}
