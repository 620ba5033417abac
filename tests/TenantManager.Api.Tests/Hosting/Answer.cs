using System.Text.Json;

namespace TenantManager.Api.Tests.Hosting;

/// <summary>What the service answered.</summary>
public sealed record Answer(int Status, JsonElement Body, string? ETag)
{
    public string? Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out var code) ? code.GetString() : null;
}
