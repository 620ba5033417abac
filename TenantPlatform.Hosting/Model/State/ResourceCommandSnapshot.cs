namespace Aspire.Hosting.ApplicationModel;

/// <summary>A command as it can be offered at a moment.</summary>
/// <param name="Name">The name by which it is executed.</param>
/// <param name="State">Whether it can be executed.</param>
/// <param name="DisplayName">The name that people see.</param>
/// <param name="DisplayDescription">What it does, for people.</param>
/// <param name="Parameter">Always null here.</param>
/// <param name="ConfirmationMessage">What people are asked first; null: nothing.</param>
/// <param name="IconName">Its icon.</param>
/// <param name="IconVariant">How the icon is drawn.</param>
/// <param name="IsHighlighted">Whether it is shown in the table itself.</param>
public sealed record ResourceCommandSnapshot(
    string Name,
    ResourceCommandState State,
    string DisplayName,
    string? DisplayDescription,
    object? Parameter,
    string? ConfirmationMessage,
    string? IconName,
    IconVariant? IconVariant,
    bool IsHighlighted)
{
    /// <summary>Where it is offered.</summary>
    public ResourceCommandVisibility Visibility { get; init; } = ResourceCommandVisibility.UI | ResourceCommandVisibility.Api;
}
