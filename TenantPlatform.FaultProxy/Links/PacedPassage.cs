using TenantPlatform.FaultProxy.Faults;

namespace TenantPlatform.FaultProxy.Links;

/// <summary>One direction's place in the line for the link's bandwidth. Not safe for concurrent use.</summary>
internal sealed class PacedPassage(Directions direction, TimeProvider time)
{
    private ActiveFault? _grantedBy;
    private long _from;
    private int _bytes;

    /// <summary>How long until some of the waiting bytes may pass; zero or less: now.</summary>
    /// <param name="active">The fault; a reservation with an earlier one is void.</param>
    /// <param name="waiting">How many bytes wait; at least one.</param>
    public TimeSpan Until(ActiveFault active, int waiting)
    {
        if (!ReferenceEquals(active, _grantedBy))
        {
            var pacer = active.PacerFor(direction);
            _bytes = Math.Min(waiting, pacer.Slice);
            _from = pacer.Reserve(_bytes);
            _grantedBy = active;
        }

        return time.GetElapsedTime(time.GetTimestamp(), _from);
    }

    /// <summary>Uses the reservation up.</summary>
    /// <returns>How many bytes may pass.</returns>
    public int Use()
    {
        _grantedBy = null;
        return _bytes;
    }
}
