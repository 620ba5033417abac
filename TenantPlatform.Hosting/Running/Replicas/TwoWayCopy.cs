using System.Buffers;
using System.Net.Sockets;

namespace TenantPlatform.Hosting.Running;

/// <summary>Passes bytes between two connections until both sides have said all, or one of them is gone.</summary>
internal static class TwoWayCopy
{
    private const int BufferSize = 32 * 1024;

    public static async Task RunAsync(Socket client, Socket replica, CancellationToken cut)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cut);
        await Task.WhenAll(CopyAsync(client, replica, broken), CopyAsync(replica, client, broken));
    }

    public static async ValueTask SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancellationToken)..];
    }

    /// <summary>Copies until the source has no more, which its peer is told; a broken side ends both directions.</summary>
    private static async Task CopyAsync(Socket from, Socket to, CancellationTokenSource broken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, SocketFlags.None, broken.Token)) > 0)
                await SendAsync(to, buffer.AsMemory(0, count), broken.Token);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            await broken.CancelAsync();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
