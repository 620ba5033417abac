using System.IO.Pipelines;
using System.Text;
using Cache.Core.AspNetCore.Forwarding;

namespace Gateway.Interim;

/// <summary>
/// Writes interim answers to a client's connection, which the server has no call for: to the transport itself, as long as the final answer
/// has not begun. One after another, and none beside the final one.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "A semaphore whose handle nobody asks for holds nothing to free.")]
internal sealed class InterimWriter(PipeWriter transport) : IInterimResponses
{
    /// <summary>In place of turns where the final answer began before any were wanted, as with almost all requests.</summary>
    private static readonly SemaphoreSlim NoTurns = new(0);

    private SemaphoreSlim? _turns;
    private bool _isClosed;

    public async ValueTask SendAsync(int status, IHeaderDictionary headers, CancellationToken cancellationToken)
    {
        SemaphoreSlim first = new(1);
        var turns = Interlocked.CompareExchange(ref _turns, first, null) ?? first;
        if (ReferenceEquals(turns, NoTurns))
            return;
        await turns.WaitAsync(cancellationToken);
        try
        {
            if (_isClosed)
                return;
            await transport.WriteAsync(Format(status, headers), cancellationToken);
        }
        finally
        {
            turns.Release();
        }
    }

    /// <summary>The final answer begins.</summary>
    public Task CloseAsync() => Interlocked.CompareExchange(ref _turns, NoTurns, null) is { } turns && !ReferenceEquals(turns, NoTurns) ? CloseAsync(turns) : Task.CompletedTask;

    private async Task CloseAsync(SemaphoreSlim turns)
    {
        await turns.WaitAsync();
        _isClosed = true;
        turns.Release();
    }

    private static byte[] Format(int status, IHeaderDictionary headers)
    {
        var head = new StringBuilder("HTTP/1.1 ").Append(status).Append(status == StatusCodes.Status102Processing ? " Processing" : " Early Hints").Append("\r\n");
        foreach (var field in headers)
        {
            foreach (var line in field.Value)
                head.Append(field.Key).Append(": ").Append(line).Append("\r\n");
        }

        return Encoding.Latin1.GetBytes(head.Append("\r\n").ToString());
    }
}
