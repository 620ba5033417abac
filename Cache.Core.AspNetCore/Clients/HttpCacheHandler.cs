using Cache.Core.AspNetCore.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cache.Core.AspNetCore.Clients;

/// <summary>
/// A client's way through its private cache: the request becomes one of a pipeline, in which the cache is the same as before any other, and
/// what follows it is the client's next handler. What goes past the cache goes as it is.
/// </summary>
internal sealed class HttpCacheHandler : DelegatingHandler
{
    private readonly ClientCache _cache;
    private readonly HttpCacheMiddleware _middleware;

    public HttpCacheHandler(ClientCache cache)
    {
        _cache = cache;
        _middleware = cache.Before(ServerAsync);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A client with an HTTP cache sends asynchronously; call SendAsync.");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.RequestUri is not { IsAbsoluteUri: true, Scheme: "http" or "https" } || request.Method == HttpMethod.Connect || request.Headers.Upgrade.Count > 0)
            return await base.SendAsync(request, cancellationToken);
        StreamedBody body = new(limit: 0);
        var reader = body.Follow()!;
        body.StopKeeping();
        OriginResponse response = new(body);
        body.Abandoned = response.Abort;
        ClientRequest client = new(request, _cache.Options.Partition(request));
        using (cancellationToken.UnsafeRegister(static response => ((OriginResponse)response!).Abort(), response))
        {
            _ = RunAsync(client, response);
            try
            {
                await response.Started;
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                reader.Dispose();
                throw new TaskCanceledException("The request was given up.", innerException: null, cancellationToken);
            }
            catch
            {
                reader.Dispose();
                throw;
            }
        }

        if (client.Passed is not { } passed)
            return ClientResponse.Of(request, response, reader);

        // Nobody follows what went past the cache, which must not end it: a handler below may watch its token until the answer is read.
        body.Abandoned = null;
        reader.Dispose();
        ClientResponse.CopyStatus(response.Headers, passed);
        return passed;
    }

    private async Task RunAsync(ClientRequest client, OriginResponse response)
    {
        try
        {
            await _middleware.InvokeAsync(client.Context(_cache, response));
            await response.CompleteAsync();
            await response.RunCompletedAsync();
        }
        catch (Exception exception)
        {
            response.Fail(exception);
        }
    }

    /// <summary>The rest of the pipeline: the server.</summary>
    private Task ServerAsync(HttpContext context) =>
        context.Features.Get<ClientRequest>() is { } client ? PassAsync(context, client) : AskAsync(context, (ClientRequest)context.Items[typeof(ClientRequest)]!);

    private async Task PassAsync(HttpContext context, ClientRequest client)
    {
        var passed = await base.SendAsync(client.Message, context.RequestAborted);
        try
        {
            ClientResponse.CopyHead(passed, context.Response);
            client.Passed = passed;
            await context.Response.StartAsync(CancellationToken.None);
        }
        catch
        {
            passed.Dispose();
            throw;
        }
    }

    private async Task AskAsync(HttpContext context, ClientRequest client)
    {
        using var message = client.Copy(context.Request);
        using var answer = await base.SendAsync(message, context.RequestAborted);
        ClientResponse.CopyHead(answer, context.Response);
        if (!client.IsAnsweredBy(answer))
            ((OriginResponse)context.Features.GetRequiredFeature<IHttpResponseFeature>()).Refusal = "redirected";
        await context.Response.StartAsync(context.RequestAborted);
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        foreach (var trailer in answer.TrailingHeaders.NonValidated)
            context.Response.AppendTrailer(trailer.Key, trailer.Value.ToArray());
    }
}
