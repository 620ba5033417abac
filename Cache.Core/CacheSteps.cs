namespace Cache.Core;

/// <summary>The steps of a look-up, to leave some out.</summary>
[Flags]
public enum CacheSteps
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Reading L1.</summary>
    ReadL1 = 1,

    /// <summary>Filling L1.</summary>
    FillL1 = 2,

    /// <summary>Reading L2.</summary>
    ReadL2 = 4,

    /// <summary>Filling L2.</summary>
    FillL2 = 8,

    /// <summary>Asking the source.</summary>
    Fetch = 16,
}
