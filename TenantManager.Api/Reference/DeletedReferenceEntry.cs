namespace TenantManager.Api.Reference;

/// <summary>An entry that is no more, and the revision that its deletion has made.</summary>
internal sealed record DeletedReferenceEntry(string Kind, string Code, long Revision);
