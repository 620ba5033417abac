namespace TenantManager.Contracts;

/// <summary>The body of every refused request.</summary>
/// <param name="Code">A stable code that programs may compare.</param>
/// <param name="Title">What kind of problem it is.</param>
/// <param name="Message">What was wrong with this request and what to do. Never a secret.</param>
/// <param name="EntityType">The kind of entity concerned.</param>
/// <param name="Fields">What is wrong with each field, by its JSON name.</param>
public sealed record ApiError(
    string Code,
    string Title,
    string Message,
    string? EntityType = null,
    IReadOnlyDictionary<string, string>? Fields = null);
