namespace Crm.Api.Holders;

/// <summary>An address; the country by its two letters.</summary>
internal sealed record Address(string? Line1 = null, string? Line2 = null, string? ZipCode = null, string? City = null, string? State = null, string? Country = null);
