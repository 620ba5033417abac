using System.Net.Sockets;

namespace TenantPlatform.Hosting.Running;

/// <summary>A client's connection whose bytes pass unread, to one replica.</summary>
/// <remarks>A replica that cannot be connected to is passed over: nothing was sent to it. A connection that breaks later is the client's to open again.</remarks>
internal sealed class BytesConnection(Socket client, ReplicaPool pool, CancellationToken cut) : IFrontConnection
{
    public async Task RunAsync()
    {
        client.NoDelay = true;
        var asked = new List<ReplicaTarget?>();
        while (pool.Enter([.. asked]) is { } replica)
        {
            try
            {
                using var upstream = await replica.ConnectAsync(cut);
                if (upstream is not null)
                {
                    await TwoWayCopy.RunAsync(client, upstream, cut);
                    return;
                }

                asked.Add(replica);
            }
            finally
            {
                replica.Leave();
            }
        }

        // Nobody to talk to: a reset says so at once, where a plain close could look like an empty answer.
        client.LingerState = new LingerOption(enable: true, seconds: 0);
    }

    public void LookAfter()
    {
        // How long to be silent is between client and replica.
    }

    public void EndIfIdle()
    {
        // Whether anything goes on, only client and replica know.
    }

    public void Cut() => client.Dispose();

    public void Dispose() => client.Dispose();
}
