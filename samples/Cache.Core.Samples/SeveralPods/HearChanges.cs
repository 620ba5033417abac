using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.SeveralPods;

/// <inheritdoc/>
internal sealed class HearChanges : ISample
{
    public string Verb => "coherence";

    public string Shows => "A change in Valkey drops the key from the L1 of every pod, whoever made it.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var valkey = await LocalValkey.StartAsync(cancellationToken);
        await using var one = await StartAsync();
        await using var other = await StartAsync();

        await one.Cache.SetAsync("EUR", "1.08", TimeSpan.FromHours(1), cancellationToken);
        await SeenAsync("1.08", "written by this cache");

        await one.Cache.SetAsync("EUR", "1.09", TimeSpan.FromHours(1), cancellationToken);
        await SeenAsync("1.09", "written again");

        await valkey.ExecuteAsync(["SET", "rates:EUR", "\"1.10\""], cancellationToken);
        await SeenAsync("1.10", "written by somebody else, past this cache");

        async Task SeenAsync(string rate, string how)
        {
            await Wait.UntilAsync(async () => (await other.Cache.GetAsync<string>("EUR", cancellationToken)).Value == rate, cancellationToken);
            await output.WriteLineAsync($"{how}: the other pod reads {rate}");
        }

        // In plain JSON here only so that the foreign writer's line is easy to read.
        Task<Pod> StartAsync() => Pod.StartAsync(builder =>
        {
            builder.Services.AddValkey(builder.Configuration);
            builder.Services.AddTieredCache(options => (options.KeyPrefix, options.Format) = ("rates:", CacheFormat.PlainJson));
        }, valkey);
    }
}
