namespace TenantPlatform.Hosting.Running;

/// <summary>What came of asking a replica.</summary>
internal enum Outcome
{
    /// <summary>It could not be reached: nothing was sent.</summary>
    NotSent,

    /// <summary>It was sent the request, and the client was told nothing.</summary>
    NotAnswered,

    /// <summary>The client's body is malformed or was cut short; the client was told nothing.</summary>
    BadBody,

    /// <summary>The client has the whole answer.</summary>
    Answered,

    /// <summary>Likewise, and its connection cannot go on.</summary>
    AnsweredLast,
}
