using System.Text;
using Cache.Core.Fencing;
using Cache.Core.Valkey;
using Cache.Core.Valkey.Resp;

namespace TenantPlatform.Fuzzing.Targets;

/// <summary>Keys, patterns over keys, and where a walk over them stands.</summary>
internal static class KeyTargets
{
    private const int LongestPattern = 128;

    /// <summary>Lines: a pattern and a key. What the pattern means here is what it means to the server.</summary>
    public static void Pattern(byte[] input)
    {
        var lines = Bytes.Lines(input, 2);
        var (glob, key) = (lines[0], lines[1]);
        Finding.Unless(GlobPattern.Parse(GlobPattern.Escape(key)).IsMatch(key), "an escaped text matches itself");
        Finding.Unless(!GlobPattern.Parse(GlobPattern.Escape(key)).IsMatch(key + "x"), "an escaped text matches nothing else");

        // The server's own way takes a time without bound over some patterns, and ours does not; an empty key it takes for no text at all.
        if (key.Length == 0 || glob.Length > LongestPattern || glob.Count(static letter => letter == '*') > 4)
            _ = GlobPattern.Parse(glob).IsMatch(key);
        else
            Finding.Unless(GlobPattern.Parse(glob).IsMatch(key) == ServerGlob.IsMatch(Encoding.UTF8.GetBytes(glob), Encoding.UTF8.GetBytes(key)), "a pattern means what it means to the server");
    }

    /// <summary>A cursor that somebody sends back.</summary>
    public static void Cursor(byte[] input)
    {
        try
        {
            var cursor = KeyCursor.Parse(Bytes.Text(input));
            Finding.Unless(KeyCursor.Parse(cursor.ToString()) == cursor, "a cursor is read as it was written");
        }
        catch (KeyCursorException)
        {
            // As documented.
        }
    }

    /// <summary>A key and what lies beside it.</summary>
    public static void Fence(byte[] input)
    {
        var key = Bytes.Text(input);
        if (key.Length == 0)
            return;
        var (fence, lease) = (FenceKeys.Fence(key), FenceKeys.Lease(key));
        Finding.Unless(FenceKeys.IsOne(fence) && FenceKeys.IsOne(lease), "fences and leases are known as such");
        Finding.Unless(FenceKeys.ValuesOf(fence).Contains(key), "a fence leads back to its key");
        Finding.Unless(ClusterSlot.Of(fence) == ClusterSlot.Of(key) && ClusterSlot.Of(lease) == ClusterSlot.Of(key), "what belongs together lies in one slot");
        foreach (var value in FenceKeys.ValuesOf(key))
            Finding.Unless(FenceKeys.Fence(value) == key, "what a fence leads to has that fence");
    }
}
