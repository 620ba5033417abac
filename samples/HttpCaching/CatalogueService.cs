using Cache.Core.AspNetCore;
using Microsoft.Net.Http.Headers;

namespace HttpCaching;

/// <summary>A service that says in its headers how its answers may be cached, with a shared cache before it that heeds them.</summary>
internal static class CatalogueService
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSingleton<Readings>();
        builder.Services.AddHttpCache();

        var app = builder.Build();
        app.UseHttpCache();
        app.MapGet("/products", (HttpContext context, Readings readings) => Answer(context, "max-age=60", $"shoes, hats ({readings.Next()})"));
        app.MapGet("/offers", (HttpContext context, Readings readings) => Answer(context, "private, max-age=60", $"hats for you ({readings.Next()})"));
        app.MapPut("/products", () => TypedResults.NoContent());
        return app;
    }

    private static string Answer(HttpContext context, string control, string text)
    {
        context.Response.Headers[HeaderNames.CacheControl] = control;
        return text;
    }
}
