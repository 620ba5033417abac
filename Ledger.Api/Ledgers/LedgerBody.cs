using System.Text.Json;
using Ledger.Api.Validation;

namespace Ledger.Api.Ledgers;

/// <summary>The body of POST and PATCH; PATCH leaves absent fields as they are.</summary>
internal sealed record LedgerBody(string? Name = null, StatusBody? Status = null, IReadOnlyDictionary<string, JsonElement>? Metadata = null);
