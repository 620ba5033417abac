using System.Net.Mime;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace TenantPlatform.Hosting.Dashboard.Resources;

/// <summary>The resources, live, and what can be done to them.</summary>
internal static class ResourcesApi
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(60);

    public static void Map(IEndpointRouteBuilder routes, ResourceBoard board, CommandDesk commands, CancellationToken stopping)
    {
        var group = routes.MapGroup("/api/resources");
        group.MapGet("/", async () => TypedResults.Ok(await board.ReadAsync()));
        group.MapGet("/changes", (HttpContext context) =>
            EventStream.Follow(board.Changed, board.Differences(), Gather, board.Time, context.RequestAborted, stopping))
            .Produces(StatusCodes.Status200OK, contentType: MediaTypeNames.Text.EventStream);
        group.MapPost("/{name}/commands/{command}", (string name, string command) => ExecuteAsync(board, commands, name, command, stopping));
    }

    // Not ended by the browser's leaving: a restart that is half done helps nobody.
    private static async Task<IResult> ExecuteAsync(ResourceBoard board, CommandDesk commands, string name, string command, CancellationToken stopping)
    {
        if (board.Find(name) is not { } resource)
            return Problem.NotFound($"There is no resource '{name}'.");
        var known = resource.Annotations.OfType<ResourceCommandAnnotation>().ToArray();
        if (!known.Any(candidate => candidate.Name == command))
            return Problem.NotFound($"'{resource.Name}' has no command '{command}'. It has: {string.Join(", ", known.Select(candidate => candidate.Name))}.");
        var result = await commands.ExecuteAsync(name, command, stopping);
        return TypedResults.Ok(new { result.Success, result.Message });
    }
}
