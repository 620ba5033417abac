using System.Net.Mime;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TenantPlatform.Hosting.Dashboard.Resources;

namespace TenantPlatform.Hosting.Dashboard.Console;

/// <summary>What the resources wrote: history, live, and as a file. <c>_all</c> stands for every resource.</summary>
internal static class ConsoleApi
{
    private const string All = "_all";
    private const int DefaultLimit = 2_000;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(40);

    public static void Map(IEndpointRouteBuilder routes, ConsoleBoard board, ResourceBoard resources, CancellationToken stopping)
    {
        var group = routes.MapGroup("/api/logs");
        group.MapGet("/{name}", (string name, long? after, int? limit) => Known(resources, name) ?? TypedResults.Ok(Read(board, name, after, limit)));
        group.MapGet("/{name}/follow", (string name, long? after, int? limit, HttpContext context) =>
            Known(resources, name) ?? Follow(board, name, ResumedAt(context) ?? after ?? 0, limit, context, stopping))
            .Produces(StatusCodes.Status200OK, contentType: MediaTypeNames.Text.EventStream);
        group.MapGet("/{name}/download", (string name) => Known(resources, name) ?? Download(board, name));
    }

    private static IResult? Known(ResourceBoard resources, string name) =>
        name == All || resources.Find(name) is not null ? null : Problem.NotFound($"There is no resource '{name}'.");

    private static IReadOnlyList<ConsoleLine> Read(ConsoleBoard board, string name, long? after, int? limit) =>
        board.Read(name == All ? null : name, after ?? 0, Math.Clamp(limit ?? DefaultLimit, 1, ConsoleBoard.Capacity));

    private static IResult Follow(ConsoleBoard board, string name, long after, int? limit, HttpContext context, CancellationToken stopping)
    {
        return EventStream.Follow(board.Changed, ReadAsync, Gather, board.Time, context.RequestAborted, stopping);

        ValueTask<SseItem<string>?> ReadAsync(CancellationToken cancellationToken)
        {
            var lines = Read(board, name, after, limit);
            if (lines.Count == 0)
                return ValueTask.FromResult<SseItem<string>?>(null);
            after = lines[^1].Id;
            return ValueTask.FromResult<SseItem<string>?>(
                new SseItem<string>(JsonSerializer.Serialize(lines, DashboardJson.Options), "lines") { EventId = $"{after}" });
        }
    }

    // A browser that reconnects says what it saw last.
    private static long? ResumedAt(HttpContext context) => long.TryParse(context.Request.Headers["Last-Event-ID"], out var id) ? id : null;

    private static IResult Download(ConsoleBoard board, string name)
    {
        var text = new StringBuilder();
        foreach (var line in Read(board, name, after: 0, ConsoleBoard.Capacity))
            text.Append($"{line.Time:yyyy-MM-dd HH:mm:ss.fff} {(name == All ? $"[{line.Resource}] " : string.Empty)}{line.Text}\n");
        return TypedResults.File(Encoding.UTF8.GetBytes(text.ToString()), "text/plain; charset=utf-8", $"{(name == All ? "all" : name)}.log");
    }
}
