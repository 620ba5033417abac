namespace Aspire.Hosting.ApplicationModel;

/// <summary>A command that a resource has.</summary>
public sealed class ResourceCommandAnnotation : IResourceAnnotation
{
    /// <summary>Creates it.</summary>
    /// <param name="name">The name by which it is executed.</param>
    /// <param name="displayName">The name that people see.</param>
    /// <param name="updateState">Decides whether it can be executed.</param>
    /// <param name="executeCommand">Executes it.</param>
    /// <param name="displayDescription">What it does, for people.</param>
    /// <param name="parameter">Accepted and not used.</param>
    /// <param name="confirmationMessage">What people are asked first; null: nothing.</param>
    /// <param name="iconName">Its icon.</param>
    /// <param name="iconVariant">How the icon is drawn.</param>
    /// <param name="isHighlighted">Whether it is shown in the table itself.</param>
    public ResourceCommandAnnotation(
        string name,
        string displayName,
        Func<UpdateCommandStateContext, ResourceCommandState> updateState,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        string? displayDescription,
        object? parameter,
        string? confirmationMessage,
        string? iconName,
        IconVariant? iconVariant,
        bool isHighlighted)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(displayName);
        ArgumentNullException.ThrowIfNull(updateState);
        ArgumentNullException.ThrowIfNull(executeCommand);
        Name = name;
        DisplayName = displayName;
        UpdateState = updateState;
        ExecuteCommand = executeCommand;
        DisplayDescription = displayDescription;
        ConfirmationMessage = confirmationMessage;
        IconName = iconName;
        IconVariant = iconVariant;
        IsHighlighted = isHighlighted;
    }

    /// <summary>The name by which it is executed.</summary>
    public string Name { get; }

    /// <summary>The name that people see.</summary>
    public string DisplayName { get; }

    /// <summary>Decides whether it can be executed.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState> UpdateState { get; }

    /// <summary>Executes it.</summary>
    public Func<ExecuteCommandContext, Task<ExecuteCommandResult>> ExecuteCommand { get; }

    /// <summary>What it does, for people.</summary>
    public string? DisplayDescription { get; }

    /// <summary>What people are asked first; null: nothing.</summary>
    public string? ConfirmationMessage { get; }

    /// <summary>Its icon.</summary>
    public string? IconName { get; }

    /// <summary>How the icon is drawn.</summary>
    public IconVariant? IconVariant { get; }

    /// <summary>Whether it is shown in the table itself.</summary>
    public bool IsHighlighted { get; }

    /// <summary>Where it is offered.</summary>
    public ResourceCommandVisibility Visibility { get; internal init; } = ResourceCommandVisibility.UI | ResourceCommandVisibility.Api;
}
