namespace TenantPlatform.Hosting.Dashboard.Resources;

/// <summary>Something that can be done to a resource.</summary>
/// <param name="Name">Its name in calls.</param>
/// <param name="DisplayName">What people read.</param>
/// <param name="Description">What it does.</param>
/// <param name="State"><c>enabled</c> or <c>disabled</c>; hidden ones are not told.</param>
/// <param name="Confirmation">What is asked first.</param>
/// <param name="IsHighlighted">Whether it is worth a button of its own.</param>
internal sealed record CommandView(string Name, string DisplayName, string? Description, string State, string? Confirmation, bool IsHighlighted);
