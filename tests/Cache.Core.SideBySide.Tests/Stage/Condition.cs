namespace Cache.Core.SideBySide.Tests.Stage;

/// <summary>How the second tier fares.</summary>
[Flags]
public enum Condition
{
    /// <summary>There is none.</summary>
    Alone = 1,

    /// <summary>A Valkey that works.</summary>
    Valkey = 2,

    /// <summary>Nobody listens at its port.</summary>
    Away = 4,

    /// <summary>Somebody listens at its port and never says a word.</summary>
    Connecting = 8,

    /// <summary>Whatever it does.</summary>
    Any = Alone | Valkey | Away | Connecting,
}
