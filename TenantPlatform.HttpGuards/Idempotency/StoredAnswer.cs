using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace TenantPlatform.HttpGuards.Idempotency;

/// <summary>A whole answer, as it is replayed.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Headers">Those of its headers that mean something to a client.</param>
/// <param name="Body">Its body.</param>
internal sealed record StoredAnswer(int Status, IReadOnlyDictionary<string, string[]> Headers, byte[] Body)
{
    private static readonly string[] Kept = ["Content-Type", "Content-Encoding", "Content-Language", "Content-Disposition", "Location", "ETag", "Last-Modified", "Cache-Control"];

    public static StoredAnswer Of(HttpResponse response, byte[] body) => new(
        response.StatusCode,
        Kept.Where(name => response.Headers.ContainsKey(name)).ToDictionary(name => name, name => response.Headers[name].OfType<string>().ToArray(), StringComparer.Ordinal),
        body);

    public async Task ReplayAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.StatusCode = Status;
        foreach (var (name, values) in Headers)
            response.Headers[name] = new StringValues(values);
        response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        if (Body.Length == 0)
            return;
        response.ContentLength = Body.Length;
        await response.Body.WriteAsync(Body, cancellationToken);
    }
}
