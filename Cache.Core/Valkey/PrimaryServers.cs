using System.Net.Sockets;
using System.Security.Authentication;
using Cache.Core.Valkey.Resp;

namespace Cache.Core.Valkey;

/// <summary>The primaries that there are now, and connections to each for what is asked of all of them: a long walk holds up nobody.</summary>
/// <param name="options">How to sign in; limits.</param>
/// <param name="time">The clock.</param>
/// <param name="find">Names the servers; by the options when null.</param>
internal sealed class PrimaryServers(ValkeyOptions options, TimeProvider time, Func<CancellationToken, Task<IReadOnlyCollection<string>>>? find = null)
{
    /// <summary>In a cluster as the first address that answers tells; otherwise the first that is a primary.</summary>
    /// <exception cref="CacheUnavailableException">Nobody tells.</exception>
    public async Task<IReadOnlyCollection<string>> FindAsync(CancellationToken cancellationToken)
    {
        if (find is not null)
            return await find(cancellationToken).ConfigureAwait(false);
        CacheUnavailableException? failure = null;
        foreach (var address in options.Addresses)
        {
            try
            {
                return await BoundedAsync("Looking for the primaries", options.DialTimeout, stop => AskPrimariesAsync(address, stop), cancellationToken).ConfigureAwait(false);
            }
            catch (CacheUnavailableException exception)
            {
                failure = exception;
            }
        }

        throw failure!;
    }

    /// <summary>A connection of the caller's own.</summary>
    /// <exception cref="CacheUnavailableException">The server does not answer in time, or does not let us in.</exception>
    public Task<RespConnection> DialAsync(string address, CancellationToken cancellationToken) =>
        BoundedAsync("Connecting", options.DialTimeout, stop => SignIn.DialAsync(address, options, stop), cancellationToken);

    /// <summary>Sends a command and returns the reply, which may be an error.</summary>
    /// <exception cref="CacheUnavailableException">The server does not answer in time.</exception>
    public Task<RespValue> AskAsync(RespConnection connection, ReadOnlyMemory<byte> command, string name, CancellationToken cancellationToken) =>
        BoundedAsync(name, options.ReadTimeout, stop => connection.AskAsync(command, stop).AsTask(), cancellationToken);

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

    private async Task<T> BoundedAsync<T>(string what, TimeSpan limit, Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var limited = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limited.Token);
        try
        {
            return await ask(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CacheUnavailableException($"{what} was not answered within {limit.TotalSeconds:0.###} s.", exception);
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException or RespProtocolException)
        {
            throw new CacheUnavailableException($"{what} failed.", exception);
        }
    }
}
