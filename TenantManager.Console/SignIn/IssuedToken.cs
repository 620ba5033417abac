namespace TenantManager.Console.SignIn;

/// <summary>A one-time token, told this once.</summary>
/// <param name="Token">Its text.</param>
/// <param name="Path">Where it is used, below the console's address.</param>
/// <param name="ExpiresAt">Until when.</param>
internal sealed record IssuedToken(string Token, string Path, DateTimeOffset ExpiresAt)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(IssuedToken);
}
