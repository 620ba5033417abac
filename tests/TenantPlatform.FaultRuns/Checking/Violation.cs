namespace TenantPlatform.FaultRuns.Checking;

/// <summary>An answer that breaks an invariant.</summary>
/// <param name="Invariant">Its name, as in the architecture.</param>
/// <param name="At">When the request was sent.</param>
/// <param name="What">What is wrong, in one sentence.</param>
/// <param name="Excerpt">The part of the history that shows it, oldest first.</param>
internal sealed record Violation(string Invariant, TimeSpan At, string What, IReadOnlyList<string> Excerpt);
