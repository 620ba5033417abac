using Cache.Core.AspNetCore.Answering;
using Cache.Core.AspNetCore.Diagnostics;
using Cache.Core.AspNetCore.Forwarding;
using Cache.Core.AspNetCore.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.AspNetCore.Clients;

/// <summary>What all handlers of one client share: its store, and the exchanges under way.</summary>
internal sealed class ClientCache : IAsyncDisposable
{
    private readonly ExchangeTable _exchanges;
    private readonly RevalidationQueue _revalidations;
    private readonly StoredAnswer _answers;
    private readonly QuickHit _quick;
    private readonly StoredResponseFactory _factory;
    private readonly TimeProvider _time;

    public ClientCache(string name, HttpClientCacheOptions options, IServiceProvider services)
    {
        (Options, Services) = (options, services);
        options.PartitionOf = static context => context.Features.GetRequiredFeature<ClientRequest>().Partition;
        Endpoint = new Endpoint(requestDelegate: null, EndpointMetadataCollection.Empty, name);
        _time = services.GetRequiredService<TimeProvider>();
        _factory = new StoredResponseFactory(options);
        Store = new ResponseStore(options, services);
        _exchanges = new ExchangeTable(new ExchangeServices(options, Store, _factory, HttpCacheMetrics.Shared, _time));
        _revalidations = new RevalidationQueue(options, _exchanges, HttpCacheMetrics.Shared);
        _answers = new StoredAnswer(options, Store, HttpCacheMetrics.Shared, _time);
        _quick = new QuickHit(options, Store, HttpCacheMetrics.Shared, _time);
    }

    public HttpClientCacheOptions Options { get; }

    public IServiceProvider Services { get; }

    public ResponseStore Store { get; }

    /// <summary>Names the client in metrics.</summary>
    public Endpoint Endpoint { get; }

    /// <summary>The cache before this way to the server: the same that is before a pipeline.</summary>
    public HttpCacheMiddleware Before(RequestDelegate server) =>
        new(server, Options, Store, _exchanges, _revalidations, _answers, _quick, _factory, HttpCacheMetrics.Shared, _time);

    public async ValueTask DisposeAsync()
    {
        await _revalidations.DisposeAsync();
        await Store.DisposeAsync();
    }
}
