namespace TenantManager.Api.Tests.Hosting;

/// <summary>An API key as its creator was told it.</summary>
public sealed record IssuedKey(string Id, string Name, string Text);
