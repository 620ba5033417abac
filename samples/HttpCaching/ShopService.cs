using Cache.Core.AspNetCore;

namespace HttpCaching;

/// <summary>A service that asks the catalogue for each of its visitors, and keeps for each what the catalogue lets it keep.</summary>
internal static class ShopService
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var catalogue = new Uri(builder.Configuration["Catalogue"] ?? "http://localhost:5001");
        builder.Services.AddHttpClient("catalogue", client => client.BaseAddress = catalogue)
            .AddHttpCache();

        var app = builder.Build();
        app.MapGet("/{page}", ShowAsync);
        return app;
    }

    /// <summary>The catalogue's page, and what the cache has done for it.</summary>
    private static async Task<string> ShowAsync(string page, HttpContext visitor, IHttpClientFactory clients, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, page);
        request.Headers.TryAddWithoutValidation("Authorization", visitor.Request.Headers.Authorization.ToString());
        using var answer = await clients.CreateClient("catalogue").SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return $"{await answer.Content.ReadAsStringAsync(cancellationToken)}: {answer.Headers.GetValues("Cache-Status").Last()}";
    }
}
