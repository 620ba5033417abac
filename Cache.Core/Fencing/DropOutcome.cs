namespace Cache.Core.Fencing;

/// <summary>What was dropped.</summary>
public enum DropOutcome
{
    /// <summary>A value was there, and is not any more.</summary>
    Dropped,

    /// <summary>There was no value; fetches in flight are overtaken.</summary>
    Absent,

    /// <summary>There is a value, and it was to be left alone.</summary>
    Kept,
}
