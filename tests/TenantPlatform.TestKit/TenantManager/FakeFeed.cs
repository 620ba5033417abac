using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using TenantManager.Contracts.Changes;

namespace TenantPlatform.TestKit;

/// <summary>
/// The change feed of a fake tenant-manager. It never waits for a change: who asks is answered at once, as of now. Safe for
/// concurrent use.
/// </summary>
public sealed class FakeFeed
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Position, TenantChange Change)> _changes = new(StringComparer.Ordinal);
    private int _epoch;
    private long _position;

    /// <summary>When set, what the feed answers in place of changes: an outage of the feed alone.</summary>
    public FakeAnswer? Override { get; set; }

    /// <summary>The most changes on a page.</summary>
    public int PageLength { get; set; } = ChangeFeed.LongestPage;

    /// <summary>A tenant changes.</summary>
    /// <param name="tenant">Its canonical id.</param>
    /// <param name="revision">Its revision from now on.</param>
    /// <param name="status">Why it is not to be served; null when it is.</param>
    public void Tell(string tenant, long revision, string? status = null)
    {
        lock (_lock)
            _changes[tenant] = (++_position, new TenantChange(tenant, revision, status));
    }

    /// <summary>A tenant is the service's no more: it is in no list, and no change tells of it.</summary>
    public void Forget(string tenant)
    {
        lock (_lock)
            _changes.Remove(tenant);
    }

    /// <summary>Another state takes this one's place, as when a backup is restored: no cursor can be gone on from.</summary>
    public void Reset()
    {
        lock (_lock)
            _epoch++;
    }

    internal FakeAnswer Answer(FakeCall call)
    {
        if (Override is { } instead)
            return instead;
        var query = QueryHelpers.ParseQuery(call.Path[call.Path.IndexOf('?', StringComparison.Ordinal)..]);
        lock (_lock)
        {
            var since = query.TryGetValue("since", out var cursor) ? cursor.ToString().Split('.') : [];
            var isReset = since.Length != 2 || since[0] != _epoch.ToString(CultureInfo.InvariantCulture);
            var after = isReset ? 0 : long.Parse(since[1], CultureInfo.InvariantCulture);
            var later = _changes.Values.Where(one => one.Position > after).OrderBy(one => one.Position).ToList();
            var page = later.Take(PageLength).ToList();
            var more = page.Count < later.Count;
            var position = more ? page[^1].Position : _position;
            return FakeAnswer.Json(new ChangePage(
                string.Create(CultureInfo.InvariantCulture, $"{_epoch}.{position}"), [.. page.Select(one => one.Change)], isReset, more));
        }
    }
}
