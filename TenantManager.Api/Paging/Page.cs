namespace TenantManager.Api.Paging;

/// <summary>A page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Limit">How many there are at most.</param>
/// <param name="NextCursor">Where the next page begins; absent on the last one.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, int Limit, string? NextCursor);
