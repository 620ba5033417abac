namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a command ended.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it did what it should.</summary>
    public required bool Success { get; init; }

    /// <summary>Whether it was given up on request.</summary>
    public bool Canceled { get; init; }

    /// <summary>What happened; why, when it did not succeed.</summary>
    public string? Message { get; init; }

    /// <summary>What there is to show.</summary>
    public CommandResultData? Data { get; init; }
}
