using TenantManager.Contracts;
using TenantPlatform.Observer.Manager;

namespace TenantPlatform.Observer.Watching;

/// <summary>Finds what has changed from one list of tenants to the next, and chooses one in so many. One caller at a time.</summary>
internal sealed class ChangeFinder(int oneIn)
{
    private Dictionary<string, long>? _known;
    private long _found;

    /// <summary>The changes to be watched, and how many were left out. The first list teaches only.</summary>
    public (IReadOnlyList<Change> Chosen, int Skipped) Find(IReadOnlyList<TenantMark> marks)
    {
        var before = _known;
        _known = marks.ToDictionary(mark => mark.Id, mark => mark.Revision, StringComparer.Ordinal);
        if (before is null)
            return ([], 0);
        var chosen = new List<Change>();
        var skipped = 0;
        foreach (var mark in marks)
        {
            if ((before.TryGetValue(mark.Id, out var known) && known == mark.Revision) || !TenantId.TryParse(mark.Id, out var tenant))
                continue;
            if (_found++ % oneIn == 0)
                chosen.Add(new Change(tenant, mark.UpdatedAt));
            else
                skipped++;
        }

        return (chosen, skipped);
    }
}
