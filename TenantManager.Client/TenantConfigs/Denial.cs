using System.Text.Json;

namespace TenantManager.Client.TenantConfigs;

/// <summary>What a 403 of the tenant-manager says. A body that cannot be read still means that access is denied.</summary>
internal readonly record struct Denial(string? Status, long? Revision)
{
    public static Denial Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return default;
            var status = root.TryGetProperty("status", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
            long? revision = root.TryGetProperty("revision", out var number) && number.TryGetInt64(out var value) ? value : null;
            return new Denial(string.IsNullOrWhiteSpace(status) ? null : status, revision);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return default;
        }
    }
}
