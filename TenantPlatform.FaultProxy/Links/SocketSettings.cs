using System.Net;
using System.Net.Sockets;

namespace TenantPlatform.FaultProxy.Links;

/// <summary>How sockets of links are made and ended.</summary>
internal static class SocketSettings
{
    private const int KeepAliveSeconds = 60;

    /// <summary>A socket that can connect to the target, whatever its address family.</summary>
    public static Socket NewFor(HostPort target) => IPAddress.TryParse(target.Host, out var ip)
        ? new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        : new Socket(SocketType.Stream, ProtocolType.Tcp);

    /// <summary>No waiting for more bytes, and a peer that vanished without a word is noticed.</summary>
    public static void Apply(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
    }

    /// <summary>Closes a socket, with FIN or with RST; operations under way fail.</summary>
    public static void Close(Socket socket, bool reset)
    {
        Try(() =>
        {
            if (reset)
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            else
                socket.Shutdown(SocketShutdown.Both);
        });
        socket.Dispose();
    }

    // The other side may have gone first, or the connection never came to be.
    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
        }
    }
}
