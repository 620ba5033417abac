namespace TenantManager.Api.Audit;

/// <summary>What an operator has done at the console.</summary>
/// <param name="Action">What: <c>operator.signed-in</c> or <c>operator.invited</c>.</param>
/// <param name="Target">As what, or whom as what.</param>
internal sealed record OperatorNote(string? Action = null, string? Target = null);
