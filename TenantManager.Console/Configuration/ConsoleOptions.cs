namespace TenantManager.Console.Configuration;

/// <summary>What the console is told at start. Holds secrets: never log it.</summary>
internal sealed record ConsoleOptions
{
    /// <summary>The tenant-manager's address.</summary>
    public required Uri TenantManager { get; init; }

    /// <summary>The console's own key, by which it acts for its operators. Never leaves this process but to the tenant-manager.</summary>
    public required string ApiKey { get; init; }

    /// <summary>Opens once, for one operator.</summary>
    public string? OperatorToken { get; init; }

    /// <summary>Opens once, for one viewer.</summary>
    public string? ViewerToken { get; init; }

    /// <summary>Who says who is an operator; null: one-time tokens do.</summary>
    public OidcOptions? Oidc { get; init; }

    /// <inheritdoc/>
    public override string ToString() => nameof(ConsoleOptions);
}
