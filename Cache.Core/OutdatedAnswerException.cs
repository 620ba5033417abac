namespace Cache.Core;

/// <summary>
/// The source keeps answering with a revision below one that it gave before, and nothing newer is cached. It is not served:
/// a revision once given is never gone back on. If the source was restored to an earlier state on purpose, invalidate in every
/// process and delete the fences (<c>fence:*</c>).
/// </summary>
public sealed class OutdatedAnswerException : Exception
{
    /// <summary>Creates the exception.</summary>
    public OutdatedAnswerException(string message)
        : base(message)
    {
    }
}
