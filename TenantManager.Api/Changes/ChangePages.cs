using System.Collections.Concurrent;
using TenantManager.Api.Diagnostics;

namespace TenantManager.Api.Changes;

/// <summary>Pages of the change feed, each read once for all who ask for it: pods of a service mostly have the same cursor.</summary>
internal sealed class ChangePages(ChangeStore store)
{
    /// <summary>So many are kept: those of the services' pods that are up to date, and of a few that are not.</summary>
    private const int Most = 256;

    private volatile Kept _kept = new(new FeedHead(Guid.Empty, 0));

    /// <summary>What has changed after a position, as the feed has come so far.</summary>
    public async Task<FeedPage> ReadAsync(FeedHead head, string service, long after, int limit, CancellationToken cancellationToken)
    {
        var kept = _kept;
        if (kept.Head != head)
            _kept = kept = new Kept(head); // one made for nothing when two come together costs a read
        var key = (service, after, limit);
        if (!kept.Pages.TryGetValue(key, out var page) && kept.Pages.Count < Most)
            page = kept.Pages.GetOrAdd(key, _ => Read(head, service, after, limit));
        page ??= Read(head, service, after, limit);
        try
        {
            // Who asked first may go: the read is everybody's.
            return await page.Value.WaitAsync(cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            kept.Pages.TryRemove(KeyValuePair.Create(key, page));
            throw;
        }
    }

    private Lazy<Task<FeedPage>> Read(FeedHead head, string service, long after, int limit) => new(() =>
    {
        ManagerDiagnostics.FeedRead("page");
        return store.ReadAsync(service, after, head.Position, limit);
    });

    private sealed record Kept(FeedHead Head)
    {
        public ConcurrentDictionary<(string Service, long After, int Limit), Lazy<Task<FeedPage>>> Pages { get; } = new();
    }
}
