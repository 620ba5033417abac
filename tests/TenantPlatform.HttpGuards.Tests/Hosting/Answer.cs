using System.Text;
using System.Text.Json;

namespace TenantPlatform.HttpGuards.Tests.Hosting;

/// <summary>What an instance answered.</summary>
internal sealed record Answer(int Status, byte[] Bytes, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public string? Code => JsonDocument.Parse(Bytes).RootElement.GetProperty("code").GetString();

    public bool IsReplayed => Headers.TryGetValue("X-Idempotency-Replayed", out var replayed) && replayed == "true";

    public long Number(string header) => long.Parse(Headers[header], System.Globalization.CultureInfo.InvariantCulture);

    public static async Task<Answer> OfAsync(HttpResponseMessage response, CancellationToken cancellationToken) => new(
        (int)response.StatusCode,
        await response.Content.ReadAsByteArrayAsync(cancellationToken),
        response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
}
