using System.Text.Json;

namespace Ledger.Api.Tests.Hosting;

/// <summary>What the service answered.</summary>
public sealed record Answer(int Status, JsonElement Body, bool IsReplayed)
{
    public string? Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out var code) ? code.GetString() : null;

    public string Id => Body.GetProperty("id").GetString()!;
}
