using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Checking;

/// <summary>An answer that breaks an invariant.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="What">What is wrong with it.</param>
/// <param name="Against">The earlier answer that it contradicts, if it is one.</param>
internal readonly record struct Finding(Answer Answer, string What, Answer? Against = null);
