using System.Text.Json;
using Ledger.Api.Validation;

namespace Ledger.Api.Organizations;

/// <summary>The body of POST and PATCH; PATCH leaves absent fields as they are.</summary>
internal sealed record OrganizationBody(
    string? LegalName = null,
    string? LegalDocument = null,
    string? DoingBusinessAs = null,
    StatusBody? Status = null,
    IReadOnlyDictionary<string, JsonElement>? Metadata = null);
