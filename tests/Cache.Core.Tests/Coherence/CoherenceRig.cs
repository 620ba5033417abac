using System.Globalization;
using Cache.Core.Coherence;
using Cache.Core.Tests.Valkey;
using Cache.Core.Valkey;
using Microsoft.Extensions.Logging.Abstractions;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Coherence;

/// <summary>A channel to a fixture's server, as a process would have it.</summary>
internal sealed class CoherenceRig : IAsyncDisposable
{
    private readonly ValkeyClients _clients;

    /// <summary>Long: a busy machine may pause for seconds, and the channel is to be lost only when a test breaks it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public CoherenceRig(
        ValkeyFixture valkey, string prefix, CoherenceMode mode = CoherenceMode.Auto, TimeSpan? lease = null, string? user = null, string? password = null, TimeSpan? callLimit = null)
    {
        _clients = new ValkeyClients(valkey, callLimit);
        Coherence = new ChannelCoherence(
            new ValkeyOptions
            {
                Addresses = [string.Create(CultureInfo.InvariantCulture, $"{valkey.Host}:{valkey.Port}")],
                UserName = user,
                Password = password ?? valkey.Password,
                DialTimeout = TimeSpan.FromSeconds(10),
            },
            new CoherenceOptions { Mode = mode, Lease = lease ?? Patience },
            [prefix],
            _clients.PubSub,
            TimeProvider.System,
            NullLogger<ChannelCoherence>.Instance);
        Coherence.Subscribe(Heard);
        Coherence.Start();
    }

    public ChannelCoherence Coherence { get; }

    public Heard Heard { get; } = new();

    /// <summary>How often the channel was established.</summary>
    public int Proofs => Coherence.Proof - 1;

    public bool IsProven => Coherence.ProvenUntil > TimeProvider.System.GetTimestamp();

    public Task ProvenAsync(int proof = 1) => Eventually.HoldsAsync($"proof {proof}", () => Proofs >= proof && IsProven);

    public Task HeardAsync(string key, int atLeast = 1) => Eventually.HoldsAsync(key, () => Heard.Keys.Count(one => one == key) >= atLeast);

    public async ValueTask DisposeAsync()
    {
        await Coherence.DisposeAsync();
        await _clients.DisposeAsync();
    }
}
