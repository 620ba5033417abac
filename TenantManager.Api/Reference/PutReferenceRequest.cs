namespace TenantManager.Api.Reference;

/// <summary>The body of <c>PUT /v1/reference/{kind}/{code}</c>; the code is the path's.</summary>
internal sealed record PutReferenceRequest(string? Name = null, string? Alpha3 = null, string? Numeric = null, int? MinorUnits = null);
