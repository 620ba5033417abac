using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Cache.Core.Valkey.Resp;

namespace Cache.Core.Valkey;

/// <summary>Walks over the keys of every primary, one after another, on connections of its own: a long walk holds up nobody.</summary>
internal sealed class KeyScan(ValkeyOptions options, TimeProvider time)
{
    /// <summary>How many keys the server looks at in one go, while nobody else is served.</summary>
    private const int Step = 500;

    public async IAsyncEnumerable<string> KeysAsync(string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var address in await PrimariesAsync(cancellationToken).ConfigureAwait(false))
        {
            var connection = await BoundedAsync(options.DialTimeout, stop => SignIn.DialAsync(address, options, stop), cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                var cursor = "0";
                do
                {
                    (cursor, var keys) = await StepAsync(connection, cursor, pattern, cancellationToken).ConfigureAwait(false);
                    foreach (var key in keys)
                        yield return key.Text;
                }
                while (cursor != "0");
            }
        }
    }

    private async Task<(string Cursor, IReadOnlyList<RespValue> Keys)> StepAsync(
        RespConnection connection, string cursor, string pattern, CancellationToken cancellationToken)
    {
        var command = RespCommand.Encode("SCAN", cursor, "MATCH", pattern, "COUNT", Step.ToString(CultureInfo.InvariantCulture));
        var reply = await BoundedAsync(options.ReadTimeout, stop => connection.AskAsync(command, stop).AsTask(), cancellationToken).ConfigureAwait(false);
        return reply.Items is [var next, { Kind: RespKind.List } keys]
            ? (next.Text, keys.Items)
            : throw new CacheUnavailableException($"SCAN failed: {reply.ErrorCode}.");
    }

    /// <summary>In a cluster as the first address that answers tells; otherwise the first that is a primary.</summary>
    private async Task<IReadOnlyCollection<string>> PrimariesAsync(CancellationToken cancellationToken)
    {
        CacheUnavailableException? failure = null;
        foreach (var address in options.Addresses)
        {
            try
            {
                return await BoundedAsync(options.DialTimeout, stop => AskPrimariesAsync(address, stop), cancellationToken).ConfigureAwait(false);
            }
            catch (CacheUnavailableException exception)
            {
                failure = exception;
            }
        }

        throw failure!;
    }

    private async Task<IReadOnlyCollection<string>> AskPrimariesAsync(string address, CancellationToken cancellationToken)
    {
        if (options.Mode != ValkeyMode.Cluster && options.Addresses.Count == 1)
            return options.Addresses;
        var connection = await SignIn.DialAsync(address, options, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            if (options.Mode == ValkeyMode.Cluster)
            {
                var slots = SignIn.Require(await connection.AskAsync(ClusterSlots.Command, cancellationToken).ConfigureAwait(false), "CLUSTER SLOTS");
                return ClusterSlots.Primaries(slots, connection.Host);
            }

            return await connection.AskAsync(RespCommand.Encode("ROLE"), cancellationToken).ConfigureAwait(false) is { Items: [var role, ..] } && role.IsText("master")
                ? [address]
                : throw new RespProtocolException("The server is not a primary.");
        }
    }

    private async Task<T> BoundedAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var limited = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limited.Token);
        try
        {
            return await ask(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CacheUnavailableException($"SCAN was not answered within {limit.TotalSeconds:0.###} s.", exception);
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException or RespProtocolException)
        {
            throw new CacheUnavailableException("SCAN failed.", exception);
        }
    }
}
