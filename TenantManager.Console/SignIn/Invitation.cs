namespace TenantManager.Console.SignIn;

/// <summary>Whom a one-time token lets in.</summary>
/// <param name="Role">As what.</param>
/// <param name="Name">By which name; null: the one that is given with it.</param>
/// <param name="ExpiresAt">Until when; null: until it is used.</param>
internal sealed record Invitation(string Role, string? Name, DateTimeOffset? ExpiresAt);
