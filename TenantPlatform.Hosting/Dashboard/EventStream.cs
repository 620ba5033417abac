using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace TenantPlatform.Hosting.Dashboard;

/// <summary>Server-sent events that end with the request or the server, and show a dead connection by a ping.</summary>
internal static class EventStream
{
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);
    private static readonly SseItem<string> Ping = new(string.Empty, "ping");

    /// <summary>Answers with events: <paramref name="read"/> is asked for what is new each time the signal is raised.</summary>
    /// <param name="signal">Raised when there may be something new.</param>
    /// <param name="read">What is new; nothing is fine.</param>
    /// <param name="gather">How long to wait after a signal, so that changes that come together are sent together.</param>
    /// <param name="time">Measures.</param>
    /// <param name="request">Ends when the client has gone.</param>
    /// <param name="stopping">Ends when the server stops.</param>
    public static IResult Follow(
        Signal signal, Func<CancellationToken, ValueTask<SseItem<string>?>> read, TimeSpan gather, TimeProvider time, CancellationToken request, CancellationToken stopping) =>
        TypedResults.ServerSentEvents(FollowAsync(signal, read, gather, time, stopping, request));

    private static async IAsyncEnumerable<SseItem<string>> FollowAsync(
        Signal signal,
        Func<CancellationToken, ValueTask<SseItem<string>?>> read,
        TimeSpan gather,
        TimeProvider time,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken request)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping, request);
        for (var isFirst = true; !both.IsCancellationRequested; isFirst = false)
        {
            var next = signal.Next;
            if (await ReadAsync(read, both.Token) is { } item)
                yield return item;
            else if (isFirst || !await WaitAsync(next, time, both.Token))
                yield return Ping; // the headers travel with the first event: without one the client would wait for both
            if (!await PauseAsync(gather, time, both.Token))
                yield break;
        }
    }

    private static async ValueTask<SseItem<string>?> ReadAsync(Func<CancellationToken, ValueTask<SseItem<string>?>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await read(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<bool> WaitAsync(Task next, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await next.WaitAsync(PingInterval, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return true;
        }
    }

    private static async Task<bool> PauseAsync(TimeSpan gather, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(gather, time, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
