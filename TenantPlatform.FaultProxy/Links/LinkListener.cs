using System.Net;
using System.Net.Sockets;

namespace TenantPlatform.FaultProxy.Links;

/// <summary>
/// A port that can stop and start listening. While it does not listen, connections are refused by the system itself,
/// as by a host on which nobody listens, and the port is still kept from others. Not safe for concurrent use.
/// </summary>
internal sealed class LinkListener : IDisposable
{
    private const int Backlog = 1024;

    // Bound, never listening: keeps the port while the listening socket is closed.
    private readonly Socket? _keeper;
    private Socket? _listening;

    private LinkListener(Socket? keeper, IPEndPoint endPoint)
    {
        _keeper = keeper;
        EndPoint = endPoint;
    }

    /// <summary>The address, with the port that was chosen.</summary>
    public IPEndPoint EndPoint { get; private set; }

    /// <summary>Whether connections are accepted.</summary>
    public bool IsListening => _listening is not null;

    /// <summary>Takes the address and listens.</summary>
    /// <exception cref="SocketException">It cannot be had.</exception>
    public static LinkListener Bind(IPEndPoint endPoint)
    {
        // Sockets that share a port do not notice each other: ask first, as one that does not share.
        using (var probe = NewSocket(endPoint, shared: false))
            probe.Listen(1);

        var keeper = OperatingSystem.IsLinux() ? NewSocket(endPoint, shared: true) : null;
        var listener = new LinkListener(keeper, (IPEndPoint?)keeper?.LocalEndPoint ?? endPoint);
        listener.Open();
        return listener;
    }

    /// <summary>Listens.</summary>
    /// <returns>The socket that accepts, until <see cref="Close"/>.</returns>
    public Socket Open()
    {
        if (_listening is { } already)
            return already;
        var socket = NewSocket(EndPoint, shared: _keeper is not null);
        try
        {
            socket.Listen(Backlog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
        return _listening = socket;
    }

    /// <summary>Stops listening; connections that nobody has accepted yet are reset.</summary>
    public void Close()
    {
        _listening?.Dispose();
        _listening = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _keeper?.Dispose();
    }

    private static Socket NewSocket(IPEndPoint endPoint, bool shared)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (shared)
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
            socket.Bind(endPoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
