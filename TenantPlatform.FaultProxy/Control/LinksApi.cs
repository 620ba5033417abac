using Microsoft.AspNetCore.Http.HttpResults;
using TenantPlatform.FaultProxy.Faults;
using TenantPlatform.FaultProxy.Links;
using TenantPlatform.ServiceDefaults.Http;

namespace TenantPlatform.FaultProxy.Control;

/// <summary>See the links, break them, heal them.</summary>
internal static class LinksApi
{
    /// <summary>Maps the endpoints.</summary>
    public static void MapLinks(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/links", List);
        routes.MapGet("/links/{name}", Get);
        routes.MapPut("/links/{name}/fault", SetAsync);
        routes.MapDelete("/links/{name}/fault", Heal);
        routes.MapDelete("/faults", HealAll);
    }

    private static JsonHttpResult<LinkBody[]> List(LinkTable links) => Json(links.All.Select(LinkBody.Of).ToArray());

    private static JsonHttpResult<LinkBody> Get(string name, LinkTable links) => Json(LinkBody.Of(Find(links, name)));

    private static async Task<JsonHttpResult<LinkBody>> SetAsync(string name, HttpRequest request, LinkTable links)
    {
        var link = Find(links, name);
        var fault = FaultValidation.Validate(await JsonBody.ReadAsync<FaultBody>(request));
        link.Set(fault);
        return Json(LinkBody.Of(link));
    }

    private static JsonHttpResult<LinkBody> Heal(string name, LinkTable links)
    {
        var link = Find(links, name);
        link.Heal();
        return Json(LinkBody.Of(link));
    }

    private static JsonHttpResult<LinkBody[]> HealAll(LinkTable links)
    {
        foreach (var link in links.All)
            link.Heal();
        return List(links);
    }

    private static Link Find(LinkTable links, string name) =>
        links.TryGet(name, out var link) ? link : throw ControlException.UnknownLink(name, links.All.Select(known => known.Name));

    private static JsonHttpResult<T> Json<T>(T body) => TypedResults.Json(body, ControlJson.Options);
}
