namespace Crm.Api.Holders;

/// <summary>Who acts for a legal person.</summary>
internal sealed record Representative(string? Name = null, string? Document = null, string? Email = null, string? Role = null);
