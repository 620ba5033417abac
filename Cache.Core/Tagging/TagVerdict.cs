namespace Cache.Core.Tagging;

/// <summary>What becomes of an answer by its tags.</summary>
internal enum TagVerdict
{
    /// <summary>None of them has been removed since the fetch began.</summary>
    Keep,

    /// <summary>One that was given before the fetch may have been: the answer is its callers', and not kept.</summary>
    Leave,

    /// <summary>One that the answer brings may have been, which its callers could not know of: the source is asked again.</summary>
    AskAgain,
}
