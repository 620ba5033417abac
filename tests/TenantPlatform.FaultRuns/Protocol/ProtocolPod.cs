using System.Globalization;
using System.Net;
using Cache.Core;
using Cache.Core.Coherence;
using Cache.Core.Tests.Races;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using TenantPlatform.FaultProxy.Links;
using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Protocol;

/// <summary>
/// A pod reduced to its cache: the real one, with a connection to Valkey and a coherence channel of its own. No pools, no notes of
/// revocations and no revalidation repair what the cache lets through.
/// </summary>
internal sealed class ProtocolPod : IAsyncDisposable
{
    /// <summary>For how long a heartbeat proves L1.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);

    private const string Prefix = "run:";
    private readonly int _number;
    private readonly ProtocolSource _source;
    private readonly Recorder _recorder;
    private readonly ServiceProvider _commands;
    private readonly ServiceProvider? _channel;
    private readonly TieredCache _cache;

    private ProtocolPod(
        int number, ProtocolSource source, Recorder recorder, Dice dice, int capacity, ProtocolProfile profile, ServiceProvider commands, ServiceProvider? channel, Link? pushes)
    {
        (_number, _source, _recorder, _commands, _channel, Pushes) = (number, source, recorder, commands, channel, pushes);
        var client = commands.GetRequiredService<ICacheClient>();
        Fence = new StallingFence(client.Fence, profile, dice);
        var options = new TieredCacheOptions
        {
            KeyPrefix = Prefix,
            L1Capacity = capacity,
            L1TimeToLive = TimeSpan.FromMinutes(10),
            FetchTimeout = TimeSpan.FromSeconds(10),
            RevisionOf = static value => value is Version { IsTold: true } version ? version.Revision : null,
        };
        var l2 = new ValkeyConfigCache(new ClientWithFence(client, Fence), Prefix);
        _cache = new TieredCache(options, profile.HasFences ? l2 : new UnfencedStore(l2, profile.StallShare, dice), coherence: channel?.GetRequiredService<ICoherence>());
    }

    public string Name => $"pod-{_number}";

    /// <summary>The way to Valkey.</summary>
    public StallingFence Fence { get; }

    /// <summary>The link that its coherence channel goes through; null when it has none and is told of every change instead.</summary>
    public Link? Pushes { get; }

    /// <summary>While set, the source does not answer this pod.</summary>
    public bool IsSourceAway { get; set; }

    /// <summary>Starts one; returns when it reaches Valkey and its channel is open.</summary>
    public static async Task<ProtocolPod> StartAsync(
        int number, bool isCoherent, int capacity, ProtocolProfile profile, ProtocolServer server, ProtocolSource source, Recorder recorder, Dice dice, CancellationToken cancellationToken)
    {
        var commands = await ConnectAsync(server.Address.ToString(), server.Password, "off", cancellationToken);
        if (!isCoherent)
            return new ProtocolPod(number, source, recorder, dice, capacity, profile, commands, channel: null, pushes: null);
        var pushes = Link.Bind(new LinkDefinition($"pushes-{number}", new IPEndPoint(IPAddress.Loopback, 0), server.Address), TimeProvider.System, NullLogger.Instance);
        pushes.Start();
        var channel = await ConnectAsync(pushes.EndPoint.ToString(), server.Password, "tracking", cancellationToken);
        var pod = new ProtocolPod(number, source, recorder, dice, capacity, profile, commands, channel, pushes);
        while (channel.GetRequiredService<ICoherence>().ProvenUntil == long.MinValue)
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        return pod;
    }

    /// <summary>Answers a request.</summary>
    public Task ReadAsync(int key) => AnswerAsync(key, call => _cache.GetOrFetchAsync(KeyOf(key), call, Fetch));

    /// <summary>Asks the source past both tiers, as revalidation does; what it says is an answer as well.</summary>
    public Task RevalidateAsync(int key) => AnswerAsync(key, call => _cache.RefreshAsync(KeyOf(key), call, Fetch));

    /// <summary>Does what an event asks for. False when it is not known to have reached Valkey.</summary>
    public async Task<bool> InvalidateAsync(int key)
    {
        var failed = Fence.FailedRevocations;
        await _cache.InvalidateAsync(KeyOf(key));
        return Fence.FailedRevocations == failed;
    }

    public async ValueTask DisposeAsync()
    {
        await _cache.DisposeAsync();
        if (_channel is not null)
            await _channel.DisposeAsync();
        await _commands.DisposeAsync();
        if (Pushes is null)
            return;
        await Pushes.StopAsync(CancellationToken.None);
        Pushes.Dispose();
    }

    private static string KeyOf(int key) => key.ToString(CultureInfo.InvariantCulture);

    private static ValueTask<FetchResult<Version>> Fetch((ProtocolPod Pod, int Key) call, CancellationToken cancellationToken) =>
        call.Pod._source.AnswerAsync(call.Key, () => call.Pod.IsSourceAway, cancellationToken);

    private static async Task<ServiceProvider> ConnectAsync(string address, string password, string coherence, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["CACHE_ADDRS"] = address,
            ["CACHE_PASSWORD"] = password,
            ["CACHE_COHERENCE"] = coherence,
            ["CACHE_COHERENCE_LEASE_MS"] = Lease.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
        };
        var services = new ServiceCollection().AddLogging().AddValkey(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).AddCoherentPrefix(Prefix);
        var provider = services.BuildServiceProvider();
        foreach (var service in provider.GetServices<IHostedService>())
            await service.StartAsync(cancellationToken);
        return provider;
    }

    private async Task AnswerAsync(int key, Func<(ProtocolPod Pod, int Key), ValueTask<CacheLookup<Version>>> look)
    {
        // Whom the cache is not told a revision it cannot protect by one: only invalidations bind it then.
        var process = _source.IsTold(key) ? _number + 1 : 0;
        var sent = _recorder.Now;
        try
        {
            var lookup = await look((this, key));
            _recorder.Add(new Answer(
                sent,
                _recorder.Now,
                Name,
                process,
                key,
                lookup.Outcome == FetchOutcome.Found ? 200 : 403,
                lookup.Value?.Revision ?? lookup.Result.Revision,
                lookup.Source.ToString().ToLowerInvariant() + (lookup.IsStale ? Answer.StaleMark : string.Empty)));
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or OutdatedAnswerException or CacheUnavailableException)
        {
            _recorder.Add(new Answer(sent, _recorder.Now, Name, process, key, Status: 503, Revision: null, Detail: exception.GetType().Name));
        }
    }
}
