using Microsoft.AspNetCore.OutputCaching;

namespace WebFarm;

/// <summary>The shop, written for ASP.NET Core's own abstractions: not a line here knows who keeps what.</summary>
internal static class ShopApi
{
    public static void MapShop(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/basket", AddToBasketAsync);
        endpoints.MapGet("/products", (Products products) => products.Render()).CacheOutput("products");
        endpoints.MapPut("/products", ChangeAsync);
    }

    /// <summary>How many things the visitor has in the basket, in whichever process they were put there.</summary>
    private static async Task<string> AddToBasketAsync(HttpContext context, CancellationToken cancellationToken)
    {
        await context.Session.LoadAsync(cancellationToken);
        var count = (context.Session.GetInt32("basket") ?? 0) + 1;
        context.Session.SetInt32("basket", count);
        return $"{count} in the basket";
    }

    private static async Task<IResult> ChangeAsync(IOutputCacheStore pages, CancellationToken cancellationToken)
    {
        await pages.EvictByTagAsync("products", cancellationToken);
        return TypedResults.NoContent();
    }
}
