namespace Cache.Core.AspNetCore.Tests.Hosting;

/// <summary>An answer as the client got it.</summary>
public sealed record Answer(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public string? this[string name] => Headers.TryGetValue(name, out var value) ? value : null;

    public string XCache => this["X-Cache"] ?? string.Empty;

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(static field => field.Key, static field => string.Join(", ", field.Value), StringComparer.OrdinalIgnoreCase);
            return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), headers);
        }
    }
}
