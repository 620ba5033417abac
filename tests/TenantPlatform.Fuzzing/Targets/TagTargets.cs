using Cache.Core.Tagging;

namespace TenantPlatform.Fuzzing.Targets;

/// <summary>What is stored of a tag: its token, and what was removed together with other tags.</summary>
internal static class TagTargets
{
    /// <summary>Lines: what is stored, an entry's stamp, the other tags of a removal.</summary>
    public static void Epoch(byte[] input)
    {
        var lines = Bytes.Lines(input, 3);
        var (text, stamp, others) = (lines[0], lines[1], lines[2].Split(','));
        var epoch = TagEpoch.Parse(text);
        Finding.Unless(epoch.Spares(epoch.Stamp, static _ => true), "what is stamped with an epoch is current by it");
        epoch.Spares(stamp, others.Contains);

        var again = TagEpoch.Parse(epoch.Text);
        Finding.Unless(again.Stamp == epoch.Stamp && again.Text == epoch.Text, "an epoch is read as it was written");
        Finding.Unless(again.Spares(stamp, others.Contains) == epoch.Spares(stamp, others.Contains), "an epoch that was written and read decides as before");

        // The rule that the whole format serves: what was removed stays removed, however what is stored there came about.
        var next = epoch.WithRemoval(others);
        Finding.Unless(!next.Spares(epoch.Stamp, others.Contains), "a removal removes what carries all of its tags");
        Finding.Unless(!TagEpoch.Parse(next.Text).Spares(epoch.Stamp, others.Contains), "a removal that was written and read removes as well");
        Finding.Unless(next.Spares(next.Stamp, static _ => true), "what is stamped after a removal is current");
    }
}
