using System.Net;
using System.Net.Sockets;

namespace Cache.Core.Tests.Valkey;

/// <summary>Takes every connection on and never says a word, as a network does that swallows what is sent.</summary>
internal sealed class SilentServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    // Nobody accepts: the kernel completes the connections, and nothing is ever read or sent.
    public SilentServer() => _listener.Start(backlog: 100);

    public string Address => _listener.LocalEndpoint.ToString()!;

    public void Dispose() => _listener.Dispose();
}
