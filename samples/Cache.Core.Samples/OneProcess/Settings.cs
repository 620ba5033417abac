using Cache.Core.Samples.Stage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.OneProcess;

/// <inheritdoc/>
internal sealed class Settings : ISample
{
    public string Verb => "settings";

    public string Shows => "Options from configuration and the environment, checked at start.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await StartAsync(("Cache:L1TimeToLive", "10s"));
        await StartAsync(("Cache:L1TimeToLive", "10s"), ("MULTI_TENANT_CACHE_L1_TTL_SEC", "60"));
        await StartAsync(("Cache:L1TimeToLive", "10"));
        await StartAsync(("Cache:L1TimeToLife", "10s"));

        async Task StartAsync(params (string Name, string Value)[] settings)
        {
            try
            {
                await using var pod = await Pod.StartAsync(
                    builder => builder.Services.AddTieredCache(builder.Configuration, options => options.Jitter = 0), valkey: null, settings);
                await pod.Cache.SetAsync("EUR", 1.08m, TimeSpan.FromHours(1), cancellationToken);
                pod.Clock.Pass(TimeSpan.FromSeconds(30));
                await output.WriteLineAsync($"after 30 s: {((await pod.Cache.GetAsync<decimal>("EUR", cancellationToken)).IsHit ? "a hit" : "a miss")}");
            }
            catch (CacheConfigurationException wrong)
            {
                await output.WriteLineAsync(wrong.Message.Split(" expected one of")[0]);
            }
        }
    }
}
