namespace Cache.Core.Valkey.Ring;

/// <summary>Whether this process reaches a node, by its heartbeats: lost after some in a row that failed, back after some in a row that did not.</summary>
/// <remarks>For one caller at a time.</remarks>
internal sealed class RingHealth(RingTerms terms)
{
    private int _failures;
    private int _answers;

    /// <summary>Null until it is known.</summary>
    public bool? IsReached { get; private set; }

    public void Answered()
    {
        _failures = 0;

        // The first time there is nothing to be distrusted.
        if (IsReached == true || (++_answers < terms.AnswersToReturn && IsReached == false))
            return;
        IsReached = true;
    }

    public void Failed()
    {
        _answers = 0;
        if (IsReached == false || ++_failures < terms.FailuresToLose)
            return;
        IsReached = false;
    }
}
