namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a command has to show.</summary>
public sealed class CommandResultData
{
    /// <summary>The text.</summary>
    public required string Value { get; init; }

    /// <summary>How the text is to be read.</summary>
    public CommandResultFormat Format { get; init; }

    /// <summary>Whether to show it without being asked.</summary>
    public bool DisplayImmediately { get; init; }
}
