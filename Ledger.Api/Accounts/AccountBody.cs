using System.Text.Json;
using Ledger.Api.Validation;

namespace Ledger.Api.Accounts;

/// <summary>The body of POST and PATCH; PATCH changes name, blocked, status and metadata only.</summary>
internal sealed record AccountBody(
    string? Name = null,
    string? AssetCode = null,
    string? Type = null,
    string? Alias = null,
    string? ParentAccountId = null,
    string? EntityId = null,
    string? PortfolioId = null,
    string? SegmentId = null,
    bool? Blocked = null,
    StatusBody? Status = null,
    IReadOnlyDictionary<string, JsonElement>? Metadata = null);
