using System.Net.Sockets;
using System.Text;

namespace Gateway.Tests.Hosting;

/// <summary>Sends octets as they are, and reads what comes until the connection ends or nothing comes any more.</summary>
internal static class RawClient
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <returns>The answers, and whether the gateway has closed the connection.</returns>
    public static async Task<(string Answers, bool IsClosed)> SendAsync(Uri to, string octets)
    {
        using CancellationTokenSource limit = new(Patience);
        using TcpClient connection = new();
        await connection.ConnectAsync(to.Host, to.Port, limit.Token);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(octets), limit.Token);
        StringBuilder answers = new();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            // The first answer may be late on a busy machine; after it, what does not come soon was not asked for.
            using CancellationTokenSource quiet = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
            if (answers.Length > 0)
                quiet.CancelAfter(Quiet);
            try
            {
                var read = await stream.ReadAsync(buffer, quiet.Token);
                if (read == 0)
                    return (answers.ToString(), true);
                answers.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
            catch (OperationCanceledException) when (!limit.IsCancellationRequested)
            {
                return (answers.ToString(), false);
            }
            catch (IOException)
            {
                return (answers.ToString(), true);
            }
        }
    }
}
