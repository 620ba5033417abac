namespace Crm.Api.Holders;

/// <summary>How a holder is reached.</summary>
internal sealed record Contact(string? PrimaryEmail = null, string? SecondaryEmail = null, string? MobilePhone = null, string? OtherPhone = null);
