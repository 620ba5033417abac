using Cache.Core.Coherence;
using Cache.Core.Loading;
using Cache.Core.Memory;
using Cache.Core.Tagging;

namespace Cache.Core.Tiered;

/// <summary>
/// What a change in L2 means here: look again. Its own writes come back as well and cost one more read of L2: a push names a
/// key and not a writer, and one push may stand for an own write and a foreign one together.
/// </summary>
internal sealed class ChangeListener(MemoryTier l1, TagTable tags, WakeTable wakes, OwnWrites? own, string keyPrefix) : ICoherenceListener
{
    public void OnChanged(string valueKey)
    {
        if (!valueKey.StartsWith(keyPrefix, StringComparison.Ordinal) || tags.OnChanged(valueKey))
            return;
        var key = valueKey[keyPrefix.Length..];
        if (own?.Takes(valueKey) != true)
            l1.MarkUnproven(key);
        else if (!Mutant.EchoCounted)
            l1.LookAgain(key);
        wakes.Wake(valueKey);
    }

    public void OnFlushed()
    {
        tags.OnFlushed();
        l1.InvalidateProofs();
    }
}
