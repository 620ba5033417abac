using System.Collections.Concurrent;
using System.Net;

namespace TenantPlatform.ServiceDefaults.Tests;

/// <summary>Stands for the network: notes each address and answers as told.</summary>
internal sealed class StubHandler(Func<int, CancellationToken, Task<HttpStatusCode>> answer) : HttpMessageHandler
{
    private int _count;

    public ConcurrentQueue<string> Addresses { get; } = new();

    public static StubHandler Always(HttpStatusCode status) => new((_, _) => Task.FromResult(status));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Addresses.Enqueue(request.RequestUri!.ToString());
        return new HttpResponseMessage(await answer(Interlocked.Increment(ref _count), cancellationToken));
    }
}
