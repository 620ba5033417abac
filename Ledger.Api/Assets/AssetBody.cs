using System.Text.Json;
using Ledger.Api.Validation;

namespace Ledger.Api.Assets;

/// <summary>The body of POST and PATCH; PATCH changes name, status and metadata only.</summary>
internal sealed record AssetBody(
    string? Name = null,
    string? Type = null,
    string? Code = null,
    StatusBody? Status = null,
    IReadOnlyDictionary<string, JsonElement>? Metadata = null);
