using System.Globalization;

namespace Gateway.Peers;

/// <summary>An origin that costs as little as it can, and counts what it is asked.</summary>
internal static class Origin
{
    private const string Tag = "\"1\"";
    private const int Largest = 1 << 20;
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, Largest).Select(static n => (byte)('a' + (n % 26)))];
    private static long _asked;
    private static long _unchanged;

    public static WebApplication Create(int port)
    {
        var app = Local.Builder(port).Build();
        app.Run(AnswerAsync);
        return app;
    }

    /// <summary><c>/count</c>: how many were asked for, and how many of them were unchanged. Anything else: see the command's description.</summary>
    private static Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        var path = context.Request.Path.Value!;
        if (path == "/count")
            return response.WriteAsync($"{Volatile.Read(ref _asked)} {Volatile.Read(ref _unchanged)}");
        Interlocked.Increment(ref _asked);
        var parts = path.Split('/', 4);
        if (parts.Length < 4 || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out var length) || length is < 0 or > Largest)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        response.Headers.CacheControl = $"max-age={parts[2]}";
        response.Headers.ETag = Tag;
        if (context.Request.Headers.IfNoneMatch == Tag)
        {
            Interlocked.Increment(ref _unchanged);
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = "text/plain";
        response.ContentLength = length;
        return response.BodyWriter.WriteAsync(Bytes.AsMemory(0, length)).AsTask();
    }
}
