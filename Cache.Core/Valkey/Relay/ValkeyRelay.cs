using System.Security.Cryptography;
using Cache.Core.Valkey.Resp;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Cache.Core.Valkey.Relay;

/// <summary>
/// Signs in for a StackExchange.Redis that knows no ACL users: inside this process it listens for the library in the servers'
/// place, and speaks to each of them as the user, over TLS if that is asked for.
/// </summary>
/// <remarks>
/// <code>
///   the library ── AUTH token ─▶ 127.0.0.1:p1 ── TLS, AUTH user password ─▶ valkey-1:6379
///        │                                        ◀── MOVED 7 valkey-2:6379 ──┘
///        ◀── MOVED 7 127.0.0.1:p2
///        └───── AUTH token ─▶ 127.0.0.1:p2 ── … ─▶ valkey-2:6379
/// </code>
/// <para>Whoever does not know the token, which is made at random and leaves the process only over these connections, gets nothing.</para>
/// <para>Safe for concurrent use.</para>
/// </remarks>
internal sealed class ValkeyRelay(ValkeyOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>More than a cluster has nodes; whoever names more of them is none.</summary>
    private const int MostServers = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, RelayListener> _listeners = new(StringComparer.OrdinalIgnoreCase);
    private bool _isDisposed;

    /// <summary>The password of this relay.</summary>
    public string Token { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    internal ValkeyOptions Options => options;

    internal TimeProvider Time => time;

    internal ILogger Logger => logger;

    /// <summary>Makes the library connect here instead.</summary>
    public void Guide(ConfigurationOptions library)
    {
        library.EndPoints.Clear();
        foreach (var server in options.Addresses)
            library.EndPoints.Add(AddressOf(server));
        library.Password = Token;
        library.Ssl = false;
    }

    /// <summary>Where this process listens in a server's place; from now on, if it did not yet.</summary>
    /// <param name="server">The server, as <c>host:port</c>.</param>
    public string AddressOf(string server)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_listeners.TryGetValue(server, out var known))
                return known.Address;
            if (_listeners.Count == MostServers)
                throw new RespProtocolException($"The cluster names more than {MostServers} servers.");
            var listener = new RelayListener(server, this);
            _listeners.Add(server, listener);
            return listener.Address;
        }
    }

    public async ValueTask DisposeAsync()
    {
        RelayListener[] all;
        lock (_gate)
        {
            _isDisposed = true;
            all = [.. _listeners.Values];
        }

        await Task.WhenAll(all.Select(listener => listener.DisposeAsync().AsTask())).ConfigureAwait(false);
    }
}
