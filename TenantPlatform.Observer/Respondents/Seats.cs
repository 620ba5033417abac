using System.Collections;
using TenantPlatform.Observer.Configuration;
using TenantPlatform.Observer.Pods;
using TenantPlatform.Observer.Valkey;

namespace TenantPlatform.Observer.Respondents;

/// <summary>Everybody who is asked: each pod, and Valkey where the observer was told of one. Safe for concurrent use.</summary>
internal sealed class Seats : IReadOnlyCollection<Seat>, IDisposable
{
    private readonly PodClient _client;
    private readonly ObserverOptions _options;
    private readonly TimeProvider _time;
    private volatile List<Seat> _seats;

    public Seats(PodClient pods, ObserverOptions options, TimeProvider time, ValkeyRespondent? valkey = null)
    {
        (_client, _options, _time) = (pods, options, time);
        IEnumerable<IRespondent> all = options.Pods.Select(pod => new PodRespondent(pod, pods));
        if (valkey is not null)
            all = all.Append(valkey);
        _seats = [.. all.Select(one => new Seat(one, options, time))];
    }

    public int Count => _seats.Count;

    /// <summary>Has these pods asked from now on, and no others. By one caller at a time.</summary>
    /// <returns>How many have come, and who has gone.</returns>
    public (int Come, IReadOnlyList<Seat> Gone) Replace(IReadOnlyList<Pod> pods)
    {
        var wanted = pods.Select(pod => new PodRespondent(pod, _client)).ToList();
        var (stay, gone) = (new List<Seat>(), new List<Seat>());
        foreach (var seat in _seats)
            (seat.Kind != RespondentKind.Pod || wanted.Exists(seat.Is) ? stay : gone).Add(seat);
        var come = wanted.Where(one => !stay.Exists(seat => seat.Is(one))).Select(one => new Seat(one, _options, _time)).ToList();
        _seats = [.. stay, .. come];

        // Questions to them may be under way: they are left to those who ask.
        gone.ForEach(static seat => seat.Retire());
        return (come.Count, gone);
    }

    public IEnumerator<Seat> GetEnumerator() => _seats.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => _seats.ForEach(static seat => seat.Dispose());
}
