namespace Cache.Core.Benchmarks.HitRates;

/// <summary>ARC (Megiddo and Modha, FAST 2003): what was asked for once and what was asked for again share the room as the ghosts of both say.</summary>
internal sealed class ArcPolicy(int capacity) : ICachePolicy
{
    private readonly Dictionary<int, (LinkedList<int> List, LinkedListNode<int> Node)> _places = [];
    private readonly LinkedList<int> _once = new(), _again = new(), _onceGhosts = new(), _againGhosts = new();
    private double _target;

    public bool Access(int key)
    {
        var list = _places.TryGetValue(key, out var place) ? place.List : null;
        if (list == _once || list == _again)
        {
            Move(key, place, _again);
            return true;
        }

        if (list == _onceGhosts)
        {
            _target = Math.Min(capacity, _target + Math.Max(1, (double)_againGhosts.Count / _onceGhosts.Count));
            Replace(isGhostOfAgain: false);
            Move(key, place, _again);
            return false;
        }

        if (list == _againGhosts)
        {
            _target = Math.Max(0, _target - Math.Max(1, (double)_onceGhosts.Count / _againGhosts.Count));
            Replace(isGhostOfAgain: true);
            Move(key, place, _again);
            return false;
        }

        MakeRoom();
        _places[key] = (_once, _once.AddLast(key));
        return false;
    }

    private void MakeRoom()
    {
        if (_once.Count + _onceGhosts.Count == capacity)
        {
            if (_once.Count == capacity)
            {
                Drop(_once);
                return;
            }

            Drop(_onceGhosts);
            Replace(isGhostOfAgain: false);
        }
        else if (_once.Count + _again.Count + _onceGhosts.Count + _againGhosts.Count >= capacity)
        {
            if (_once.Count + _again.Count + _onceGhosts.Count + _againGhosts.Count == 2 * capacity)
                Drop(_againGhosts);
            if (_once.Count + _again.Count >= capacity)
                Replace(isGhostOfAgain: false);
        }
    }

    private void Replace(bool isGhostOfAgain)
    {
        var isOnce = _once.Count > 0 && (_once.Count > _target || (isGhostOfAgain && _once.Count == (int)_target) || _again.Count == 0);
        var key = (isOnce ? _once : _again).First!.Value;
        Move(key, _places[key], isOnce ? _onceGhosts : _againGhosts);
    }

    private void Move(int key, (LinkedList<int> List, LinkedListNode<int> Node) place, LinkedList<int> to)
    {
        place.List.Remove(place.Node);
        to.AddLast(place.Node);
        _places[key] = (to, place.Node);
    }

    private void Drop(LinkedList<int> list)
    {
        _places.Remove(list.First!.Value);
        list.RemoveFirst();
    }
}
