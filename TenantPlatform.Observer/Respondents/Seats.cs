using System.Collections;
using TenantPlatform.Observer.Configuration;
using TenantPlatform.Observer.Pods;
using TenantPlatform.Observer.Valkey;

namespace TenantPlatform.Observer.Respondents;

/// <summary>Everybody who is asked: each pod, and Valkey where the observer was told of one.</summary>
internal sealed class Seats : IReadOnlyCollection<Seat>, IDisposable
{
    private readonly List<Seat> _seats;

    public Seats(PodClient pods, ObserverOptions options, TimeProvider time, ValkeyRespondent? valkey = null)
    {
        IEnumerable<IRespondent> all = options.Pods.Select(pod => new PodRespondent(pod, pods));
        if (valkey is not null)
            all = all.Append(valkey);
        _seats = [.. all.Select(one => new Seat(one, options, time))];
    }

    public int Count => _seats.Count;

    public IEnumerator<Seat> GetEnumerator() => _seats.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => _seats.ForEach(static seat => seat.Dispose());
}
