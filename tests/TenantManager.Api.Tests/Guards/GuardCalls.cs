using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using TenantManager.Api.Tests.Hosting;

namespace TenantManager.Api.Tests.Guards;

/// <summary>Calls whose headers matter.</summary>
internal static class GuardCalls
{
    public static async Task<(Answer Answer, HttpResponseHeaders Headers)> CallAsync(
        HttpClient client, HttpMethod method, string path, object? body = null, string? idempotency = null, string apiKey = ManagerHost.ApiKey, string? token = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-API-Key", apiKey);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (idempotency is not null)
            request.Headers.Add("X-Idempotency", idempotency);
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (new Answer((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement, response.Headers.ETag?.Tag), response.Headers);
    }

    public static bool IsReplayed(this HttpResponseHeaders headers) => headers.TryGetValues("X-Idempotency-Replayed", out var replayed) && replayed.Single() == "true";

    public static string? Find(this HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.Single() : null;
}
