namespace Cache.Core.Valkey.Resp;

/// <summary>
/// Whether an answer is waited for on the caller's thread. Not while the server takes longer than that: after a few waits in vain,
/// reads go elsewhere at once, and one in a hundred tries again; as long as those are in vain too, one in two hundred, four
/// hundred, down to one in ten thousand or so.
/// </summary>
/// <remarks>For one reader at a time.</remarks>
internal sealed class Patience
{
    /// <summary>So many in a row tell a slow server from a busy moment.</summary>
    private const int MostInVain = 3;
    private const int ShortestRest = 100;
    private const int LongestRest = 12_800;
    private int _inVain;
    private int _rest;
    private int _nextRest = ShortestRest;

    /// <summary>Whether this read may wait.</summary>
    public bool MayWait()
    {
        if (_rest == 0)
            return true;
        _rest--;
        return false;
    }

    /// <summary>The answer came in time.</summary>
    public void Rewarded() => (_inVain, _nextRest) = (0, ShortestRest);

    /// <summary>It did not.</summary>
    public void Disappointed()
    {
        if (++_inVain < MostInVain)
            return;
        _rest = _nextRest;
        _nextRest = Math.Min(_nextRest * 2, LongestRest);
    }
}
