using System.Text.Json;

namespace Crm.Api.Tests.Hosting;

/// <summary>What the service answered.</summary>
public sealed record Answer(int Status, JsonElement Body, string Text, bool IsReplayed, string? CacheControl)
{
    public string? Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out var code) ? code.GetString() : null;

    public string Id => Body.GetProperty("id").GetString()!;

    public string? LedgerState => Body.GetProperty("ledger").GetProperty("state").GetString();

    public JsonElement[] Items => [.. Body.GetProperty("items").EnumerateArray()];
}
