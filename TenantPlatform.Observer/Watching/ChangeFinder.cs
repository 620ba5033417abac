using TenantManager.Contracts;
using TenantManager.Contracts.Changes;
using TenantManager.Contracts.Diagnostics;
using TenantPlatform.Observer.Configuration;
using TenantPlatform.Observer.Manager;

namespace TenantPlatform.Observer.Watching;

/// <summary>
/// Finds what has changed, in what the change feed tells and in the list of all tenants: a change once, whichever is first. Chooses one
/// in so many. Safe for concurrent use.
/// </summary>
internal sealed class ChangeFinder(ObserverOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Revision, long Known)> _tenants = new(StringComparer.Ordinal);
    private bool _hasList;
    private long _found;

    /// <summary>Compares with a list of all tenants. The first one teaches, as far as nothing was known.</summary>
    /// <param name="marks">The list.</param>
    /// <param name="asked">When it was asked for.</param>
    public FoundChanges InList(IReadOnlyList<TenantMark> marks, long asked)
    {
        lock (_lock)
        {
            var found = Find(marks.Select(mark => (mark.Id, mark.Revision, Truth: (Truth?)null)), asked, teaches: !_hasList);
            _hasList = true;

            // Who is gone is forgotten, unless something later has told of it.
            var listed = marks.Select(mark => mark.Id).ToHashSet(StringComparer.Ordinal);
            foreach (var gone in _tenants.Where(tenant => tenant.Value.Known < asked && !listed.Contains(tenant.Key)).Select(tenant => tenant.Key).ToList())
                _tenants.Remove(gone);
            return found;
        }
    }

    /// <summary>Takes what the change feed tells.</summary>
    /// <param name="changes">The service's tenants that it names.</param>
    /// <param name="asked">When it was asked.</param>
    /// <param name="teaches">Whether it is the list with which following the feed begins: of who is not known it says nothing.</param>
    public FoundChanges InFeed(IReadOnlyList<TenantChange> changes, long asked, bool teaches)
    {
        lock (_lock)
            return Find(changes.Select(change => (change.Tenant, change.Revision, Truth: (Truth?)TruthOf(change))), asked, teaches);
    }

    private static Truth TruthOf(TenantChange change) => new(change.Status is null ? TenantBasis.Found : TenantBasis.Denied, change.Revision);

    private FoundChanges Find(IEnumerable<(string Id, long Revision, Truth? Truth)> states, long asked, bool teaches)
    {
        var now = time.GetTimestamp();
        var chosen = new List<Change>();
        var skipped = 0;
        foreach (var (id, revision, truth) in states)
        {
            var isKnown = _tenants.TryGetValue(id, out var known);

            // One that was learned after this was asked for may be newer. A lower one than was known before is a restored backup's.
            if (isKnown && (known.Revision == revision || (known.Revision > revision && known.Known >= asked)))
                continue;
            _tenants[id] = (revision, now);
            if ((!isKnown && teaches) || !TenantId.TryParse(id, out var tenant))
                continue;
            if (_found++ % options.OneIn == 0)
                chosen.Add(new Change(tenant, now, truth));
            else
                skipped++;
        }

        return new FoundChanges(chosen, skipped);
    }
}
