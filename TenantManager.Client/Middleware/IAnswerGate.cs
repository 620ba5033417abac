namespace TenantManager.Client.Middleware;

/// <summary>Decides whether an answer may leave.</summary>
internal interface IAnswerGate
{
    /// <summary>
    /// Whether it may; asked where the answer begins. What was let go once stays so: a denial that comes between this and the answer's
    /// first byte came after it, and a client whose connection were broken off for it would not know what to make of that.
    /// </summary>
    bool TryLetGo();
}
