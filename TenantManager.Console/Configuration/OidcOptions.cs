namespace TenantManager.Console.Configuration;

/// <summary>The OpenID Connect provider that operators sign in with.</summary>
internal sealed record OidcOptions
{
    public required Uri Authority { get; init; }

    public required string ClientId { get; init; }

    public string? ClientSecret { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The claim that says what somebody may do.</summary>
    public required string RoleClaim { get; init; }

    /// <summary>The claim that the audit log calls somebody by.</summary>
    public required string NameClaim { get; init; }

    /// <summary>What that claim says of those who may change things.</summary>
    public required string OperatorRole { get; init; }

    /// <summary>What that claim says of those who may look.</summary>
    public required string ViewerRole { get; init; }

    /// <inheritdoc/>
    public override string ToString() => nameof(OidcOptions);
}
