namespace Crm.Api.Holders;

/// <summary>A holder's addresses.</summary>
internal sealed record Addresses(Address? Primary = null, Address? Additional1 = null, Address? Additional2 = null);
