using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace TenantPlatform.Hosting.Dashboard.Assets;

/// <summary>The pages, scripts, styles and fonts: embedded in the assembly, served from memory.</summary>
internal static class DashboardAssets
{
    private const string Prefix = "dashboard/";
    private static readonly FrozenDictionary<string, Asset> Files = Load();

    /// <summary>Serves files by path, and the one page for every path that names a view of it.</summary>
    public static void Map(IEndpointRouteBuilder routes, DashboardOptions options)
    {
        var index = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Files["index.html"].Content)
            .Replace("{application}", WebText(options.ApplicationName), StringComparison.Ordinal));
        routes.MapGet("/{**path}", (HttpContext context, string? path) =>
        {
            if (path is not null && path.StartsWith("api/", StringComparison.Ordinal))
                return Problem.NotFound($"There is no '/{path}'.");
            if (path is null or "index.html" || !Path.HasExtension(path))
                return Results.Bytes(index, "text/html; charset=utf-8");
            return Files.TryGetValue(path, out var file) && path != "login.html" ? Send(context, file) : Problem.NotFound($"There is no '/{path}'.");
        });
    }

    /// <summary>Answers with the login page.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status.</param>
    /// <param name="isRefused">Whether the token was wrong.</param>
    public static Task WriteLoginAsync(HttpContext context, int status, bool isRefused = false)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        var page = Encoding.UTF8.GetString(Files["login.html"].Content);
        return context.Response.WriteAsync(page.Replace("{refused}", isRefused ? "refused" : string.Empty, StringComparison.Ordinal), context.RequestAborted);
    }

    private static IResult Send(HttpContext context, Asset file)
    {
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(file.Content, file.ContentType, entityTag: file.Tag);
    }

    private static string WebText(string text) => System.Text.Encodings.Web.HtmlEncoder.Default.Encode(text);

    private static FrozenDictionary<string, Asset> Load()
    {
        var assembly = typeof(DashboardAssets).Assembly;
        var files = new Dictionary<string, Asset>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var path = name[Prefix.Length..].Replace('\\', '/');
            files[path] = new Asset(content, TypeOf(path), new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\""));
        }

        return files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".woff2" => "font/woff2",
        _ => "text/plain; charset=utf-8",
    };
}
