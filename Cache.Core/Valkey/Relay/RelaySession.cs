using System.Collections.Concurrent;
using Cache.Core.Valkey.Resp;

namespace Cache.Core.Valkey.Relay;

/// <summary>
/// Carries the library's commands to a server and what it answers back, until one of them ends it. Where an answer names servers,
/// the library is given its ways to them instead.
/// </summary>
/// <remarks>
/// Answers come in the order of the commands, so counting both tells which is the one to CLUSTER NODES: a value that merely looks
/// like one stays as it is. On a connection with subscriptions there is more to read than was asked, and the library asks nothing else there.
/// </remarks>
internal sealed class RelaySession(Stream library, RespConnection server, RespLimits limits, ValkeyRelay relay)
{
    /// <summary>What has come at once goes on at once, up to so many bytes or one message.</summary>
    private const int Batch = 64 * 1024;

    private readonly RespReader _commands = new(library, limits);
    private readonly ServerNames _names = new(server.Host, relay);
    private readonly ConcurrentQueue<long> _nodesAsked = new();
    private long _asked;
    private long _answered;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asking = AskAsync(end.Token);
        var answering = AnswerAsync(end.Token);
        var first = await Task.WhenAny(asking, answering).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(asking, answering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var batch = new RespBuilder(1024);
            do
            {
                var command = await _commands.ReadAsync(cancellationToken).ConfigureAwait(false);
                _asked++;
                if (command.Items is [var name, var what] && IsWord(name, "CLUSTER") && IsWord(what, "NODES"))
                    _nodesAsked.Enqueue(_asked);
                batch.Value(command);
            }
            while (_commands.HasMore && batch.Written.Length < Batch);
            await server.SendAsync(batch.Written, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task AnswerAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var batch = new RespBuilder(1024);
            do
            {
                batch.Value(Translate(await server.ReadAsync(cancellationToken).ConfigureAwait(false)));
            }
            while (server.HasMore && batch.Written.Length < Batch);
            await library.WriteAsync(batch.Written, cancellationToken).ConfigureAwait(false);
        }
    }

    private RespValue Translate(RespValue answer)
    {
        _answered++;
        if (_nodesAsked.TryPeek(out var asked) && asked == _answered)
        {
            _nodesAsked.TryDequeue(out _);
            if (answer.Kind == RespKind.Text)
                return RespValue.OfBlob(System.Text.Encoding.UTF8.GetBytes(_names.OfNodes(answer.Text)));
        }

        return answer.Kind == RespKind.Error && answer.ErrorCode is "MOVED" or "ASK" ? RespValue.OfError(_names.OfRedirect(answer.Text)) : answer;
    }

    private static bool IsWord(RespValue value, string word) =>
        value.Kind == RespKind.Text && value.Bytes!.Length == word.Length && value.Text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
