using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cache.Core.AspNetCore.Purging;
using Gateway.Configuration;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Purging;

/// <summary><c>POST /purge</c>, for who has the key; without a key in the configuration the path is the origin's.</summary>
internal static class PurgeEndpoint
{
    public const string KeyHeader = "X-API-Key";
    private const long LongestBody = 64 * 1024;
    private const string Expected =
        """Send {"url":"https://host/path?query"}, {"prefix":"https://host/path/"} or {"tag":"name"}, each with or without "tenant", or {"tenant":"id"} alone.""";

    public static void MapPurge(this WebApplication app, GatewaySettings settings)
    {
        if (settings.PurgeKey is not { } key)
            return;
        var expected = Hash(key);
        app.MapPost("/purge", (HttpContext context, HttpCachePurger purger) => PurgeAsync(context, purger, expected))
            .WithMetadata(new RequestSizeLimitAttribute(LongestBody));
    }

    private static async Task<IResult> PurgeAsync(HttpContext context, HttpCachePurger purger, byte[] expected)
    {
        if (!CryptographicOperations.FixedTimeEquals(Hash(context.Request.Headers[KeyHeader].ToString()), expected))
            return Results.Problem(statusCode: StatusCodes.Status401Unauthorized, title: "Unauthorized", detail: $"{KeyHeader} does not hold the gateway's purge key.");
        try
        {
            var request = await JsonSerializer.DeserializeAsync<PurgeRequest>(context.Request.Body, JsonSerializerOptions.Web, context.RequestAborted);
            if (request is not { IsClear: true })
                return Refused("It says nothing, or more than one thing.");

            // Not for as long as the caller waits: half a purge would be none.
            await PurgeAsync(purger, request);
            return Results.NoContent();
        }
        catch (JsonException)
        {
            return Refused("The body is no such JSON, or has a field that is not known.");
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return Refused(exception.Message);
        }
    }

    private static ValueTask PurgeAsync(HttpCachePurger purger, PurgeRequest request) => request switch
    {
        { Url: { } url } => purger.PurgeUrlAsync(Address(url), request.Tenant),
        { Prefix: { } prefix } => purger.PurgePrefixAsync(Address(prefix), request.Tenant),
        { Tag: { } tag } => purger.PurgeTagAsync(tag, request.Tenant),
        _ => purger.PurgePartitionAsync(request.Tenant!),
    };

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) ? address : throw new FormatException("An address has a scheme, http or https, and a host.");

    private static IResult Refused(string why) => Results.Problem(statusCode: StatusCodes.Status400BadRequest, title: "Bad Request", detail: $"{why} {Expected}");

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
