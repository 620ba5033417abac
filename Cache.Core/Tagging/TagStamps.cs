using Cache.Core.Memory;

namespace Cache.Core.Tagging;

/// <inheritdoc/>
internal sealed class TagStamps((TagState State, string Epoch)[] stamps) : ITagStamps
{
    public bool AreCurrent
    {
        get
        {
            foreach (var (state, epoch) in stamps)
            {
                if (!string.Equals(state.Epoch, epoch, StringComparison.Ordinal))
                    return false;
            }

            return true;
        }
    }

    public bool AreRevoked
    {
        get
        {
            foreach (var (state, epoch) in stamps)
            {
                if (state.Epoch is { } present && !string.Equals(present, epoch, StringComparison.Ordinal))
                    return true;
            }

            return false;
        }
    }

    public bool AreUnknown => !AreRevoked && Unknown.Any();

    /// <summary>The tags for which L2 must be asked.</summary>
    public IEnumerable<TagState> Unknown => stamps.Where(static stamp => stamp.State.Epoch is null).Select(static stamp => stamp.State);

    /// <summary>What is stored with the entry.</summary>
    public IReadOnlyList<TagStamp> Stamps => [.. stamps.Select(static stamp => new TagStamp(stamp.State.Name, stamp.Epoch))];
}
