namespace TenantPlatform.LocalServers;

/// <summary>Asks whether a Valkey answers.</summary>
internal static class RespProbe
{
    public static async Task<bool> AnswersAsync(int port, string? password, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await RespConnection.OpenAsync(port, password, cancellationToken);
            return await connection.ExecuteAsync(["PING"], cancellationToken) is "PONG";
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            return false;
        }
    }
}
