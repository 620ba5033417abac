using System.Runtime.CompilerServices;
using Cache.Core.Memory;

namespace Cache.Core.Tagging;

/// <inheritdoc/>
internal sealed class TagStamps((TagState State, string Epoch)[] stamps) : ITagStamps
{
    public bool AreCurrent
    {
        get
        {
            for (var n = 0; n < stamps.Length; n++)
            {
                if (!string.Equals(stamps[n].State.Epoch, stamps[n].Epoch, StringComparison.Ordinal) && !Holds(n))
                    return false;
            }

            return true;
        }
    }

    public bool AreRevoked
    {
        get
        {
            for (var n = 0; n < stamps.Length; n++)
            {
                if (stamps[n].State.Epoch is { } present && !string.Equals(present, stamps[n].Epoch, StringComparison.Ordinal) && !Holds(n))
                    return true;
            }

            return false;
        }
    }

    public bool AreCommon => stamps is [var (state, _)] && string.Equals(state.Name, TagTable.Everything, StringComparison.Ordinal);

    public bool AreSameAs(ITagStamps other) => other is TagStamps { All: var all } && stamps.AsSpan().SequenceEqual(all);

    public bool AreUnknown => !AreRevoked && Unknown.Any();

    private (TagState State, string Epoch)[] All => stamps;

    /// <summary>The tags for which L2 must be asked.</summary>
    public IEnumerable<TagState> Unknown => stamps.Where(static stamp => stamp.State.Epoch is null).Select(static stamp => stamp.State);

    /// <summary>What is stored with the entry.</summary>
    public IReadOnlyList<TagStamp> Stamps => [.. stamps.Select(static stamp => new TagStamp(stamp.State.Name, stamp.Epoch))];

    /// <summary>Whether this is what an entry carries that has one tag, stamped so.</summary>
    public bool IsOnly(string epoch) => stamps.Length == 1 && string.Equals(stamps[0].Epoch, epoch, StringComparison.Ordinal);

    /// <summary>Whether the entry carries the tag.</summary>
    public bool Carry(string tag) => Array.Exists(stamps, stamp => string.Equals(stamp.State.Name, tag, StringComparison.Ordinal));

    /// <summary>These and further ones.</summary>
    public TagStamps And((TagState State, string Epoch)[] more) => new([.. stamps, .. more]);

    /// <summary>Something has been removed that carries this tag together with others. What the entry is spared by it is spared by from now on.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Holds(int n)
    {
        if (stamps[n].State.Present is not { } present || !present.Spares(stamps[n].Epoch, Carry))
            return false;
        stamps[n].Epoch = present.Stamp;
        return true;
    }
}
