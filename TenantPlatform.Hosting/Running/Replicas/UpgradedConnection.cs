using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace TenantPlatform.Hosting.Running;

/// <summary>A connection after <c>101 Switching Protocols</c>, as of a WebSocket: bytes go both ways until either side ends.</summary>
internal static class UpgradedConnection
{
    public static async Task RunAsync(IFeatureCollection features, HttpResponseMessage response, CancellationToken aborted)
    {
        var headers = features.Get<IHttpResponseFeature>()!.Headers;
        using var answer = await ForwardedResponse.ReadAsync(response, HttpMethod.Head, aborted);
        answer.CopyHeaders(headers);
        headers.Remove("Content-Length");
        if (response.Headers.NonValidated.TryGetValues("Upgrade", out var protocol))
            headers.Upgrade = protocol.ToString();
        await using var replica = await response.Content.ReadAsStreamAsync(aborted);
        await using var client = await features.Get<IHttpUpgradeFeature>()!.UpgradeAsync();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        var up = client.CopyToAsync(replica, ended.Token);
        var down = replica.CopyToAsync(client, ended.Token);
        try
        {
            await await Task.WhenAny(up, down);
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
