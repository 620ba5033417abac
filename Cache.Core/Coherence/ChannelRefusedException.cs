namespace Cache.Core.Coherence;

/// <summary>The server answers, but does not know or allow this kind of channel. Carries only the error's code: its text may repeat a password.</summary>
internal sealed class ChannelRefusedException(string command, string code) : Exception($"{command} was refused ({code}).")
{
    // What says nothing about the command itself: it may well be accepted later, or with another password.
    private static readonly string[] Passing = ["LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "NOAUTH", "WRONGPASS", "OOM", "MISCONF"];

    public static bool IsPassing(string code) => Passing.Contains(code, StringComparer.Ordinal);
}
