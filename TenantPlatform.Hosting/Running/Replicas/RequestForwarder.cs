using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace TenantPlatform.Hosting.Running;

/// <summary>Sends each request to one of the replicas, and one that may be repeated to a second one when the first is gone.</summary>
internal sealed class RequestForwarder(ReplicaPool pool, HttpMessageInvoker replicas) : IHttpApplication<IFeatureCollection>
{
    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var lifetime = context.Get<IHttpRequestLifetimeFeature>()!;
        var aborted = lifetime.RequestAborted;
        try
        {
            if (await ForwardAsync(context, aborted) is { } error)
                await error.WriteToAsync(context, aborted);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            // One of the two sides is gone after the answer began: a cut connection is all that can tell so.
            lifetime.Abort();
        }
    }

    private async ValueTask<FrontError?> ForwardAsync(IFeatureCollection context, CancellationToken aborted)
    {
        if (ForwardedRequest.From(context) is not { } request)
            return FrontError.BadTarget;
        var first = pool.Enter();
        if (first is null)
            return FrontError.NoneHealthy(pool);
        if (await TryAsync(context, request, first, aborted))
            return null;
        if (request.Body?.Failure is BadHttpRequestException bad)
            return FrontError.BadBody(bad.StatusCode);
        if (!request.IsRepeatable)
            return FrontError.NotAnswered(first, wasRepeatable: false);
        var second = pool.Enter(first);
        if (second is null)
            return FrontError.NotAnswered(first, wasRepeatable: true);
        return await TryAsync(context, request, second, aborted) ? null : FrontError.NotAnswered(second, request.IsRepeatable);
    }

    /// <summary>Asks a replica and passes its answer on; false when there was none, and the client was told nothing.</summary>
    private async ValueTask<bool> TryAsync(IFeatureCollection context, ForwardedRequest request, ReplicaTarget replica, CancellationToken aborted)
    {
        try
        {
            if (await AnswerAsync(request, replica, aborted) is not { } response)
                return false;
            using (response)
            {
                if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
                {
                    await UpgradedConnection.RunAsync(context, response, aborted);
                    return true;
                }

                ForwardedResponse answer;
                try
                {
                    answer = await ForwardedResponse.ReadAsync(response, request.Method, aborted);
                }
                catch (Exception exception) when (!aborted.IsCancellationRequested && exception is IOException or HttpRequestException)
                {
                    return false;
                }

                using (answer)
                    await answer.WriteToAsync(context, aborted);
                return true;
            }
        }
        finally
        {
            replica.Leave();
        }
    }

    private async ValueTask<HttpResponseMessage?> AnswerAsync(ForwardedRequest request, ReplicaTarget replica, CancellationToken aborted)
    {
        try
        {
            return await replicas.SendAsync(request.To(replica), aborted);
        }
        catch (Exception exception) when (!aborted.IsCancellationRequested && exception is HttpRequestException or OperationCanceledException)
        {
            if (request.Body?.Failure is null)
                pool.Report(replica);
            return null;
        }
    }
}
