using System.Security.Cryptography;
using System.Text;
using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.LocalServers;

namespace Cache.Core.Samples.SeveralPods;

/// <inheritdoc/>
internal sealed class Encryption : ISample
{
    public string Verb => "encryption";

    public string Shows => "Values encrypted in Valkey, with keys that rotate; a value under a lost key is a miss.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var valkey = await LocalValkey.StartAsync(cancellationToken);
        var (old, young) = (NewKey("2025"), NewKey("2026"));
        await LookUpAsync("with the old key", old);
        await LookUpAsync("with the new key before the old one", $"{young},{old}");
        await LookUpAsync("with the new key only", young);

        async Task LookUpAsync(string how, string keys)
        {
            await using var pod = await StartAsync(valkey, keys);
            var prices = new Prices();
            var lookup = await pod.Cache.GetOrFetchAsync("EUR", prices, static (prices, stop) => prices.FetchAsync("EUR", stop), cancellationToken);
            var stored = Encoding.Latin1.GetString((await pod.Valkey.GetAsync("cache:EUR", cancellationToken))!);
            await output.WriteLineAsync(
                $"{how}: from {lookup.Source}; stored under key {stored[4..8]}, {(stored.Contains("EUR", StringComparison.Ordinal) ? "readable" : "not readable")}");
        }
    }

    private static string NewKey(string id) => $"{id}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    private static Task<Pod> StartAsync(ValkeyServer valkey, string keys) =>
        Pod.StartAsync(builder => builder.Services.AddValkey(builder.Configuration).AddTieredCache(), valkey, ("CACHE_ENCRYPTION_KEYS", keys));
}
