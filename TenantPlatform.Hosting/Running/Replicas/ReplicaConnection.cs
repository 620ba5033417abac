using System.Net.Sockets;

namespace TenantPlatform.Hosting.Running;

/// <summary>A connection to a replica, for one request after another.</summary>
internal sealed class ReplicaConnection(Socket socket) : IDisposable
{
    private const int AnswerSize = 20 * 1024;

    public Socket Socket { get; } = socket;

    /// <summary>What came of answers.</summary>
    public MessageBuffer Answer { get; } = new(AnswerSize);

    /// <summary>Since when nobody uses it, as <see cref="TimeProvider.GetTimestamp"/> says.</summary>
    public long IdleSince { get; set; }

    /// <summary>Whether the replica ended it, or said something that nobody asked for.</summary>
    public bool IsSpent
    {
        get
        {
            try
            {
                return Socket.Poll(0, SelectMode.SelectRead);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    /// <summary>Ends the connection; whoever waits for it is told by an exception. The buffer stays: it may be in use.</summary>
    public void Cut() => Socket.Dispose();

    public void Dispose()
    {
        Socket.Dispose();
        Answer.Dispose();
    }
}
