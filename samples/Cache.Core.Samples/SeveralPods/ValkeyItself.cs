using System.Text;
using Cache.Core.Samples.Stage;

namespace Cache.Core.Samples.SeveralPods;

/// <inheritdoc/>
internal sealed class ValkeyItself : ISample
{
    public string Verb => "valkey-itself";

    public string Shows => "Counters, claims and walks over keys, past the cache.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var valkey = await LocalValkey.StartAsync(cancellationToken);
        await using var pod = await Pod.StartAsync(builder => builder.Services.AddValkey(builder.Configuration), valkey);
        var client = pod.Valkey;

        await client.IncrementAsync("visits:EUR", cancellationToken: cancellationToken);
        await output.WriteLineAsync($"visits: {await client.IncrementAsync("visits:EUR", cancellationToken: cancellationToken)}");

        var claim = Encoding.UTF8.GetBytes("me");
        var first = await client.SetIfAbsentAsync("claim:EUR", claim, TimeSpan.FromMinutes(5), cancellationToken);
        var second = await client.SetIfAbsentAsync("claim:EUR", claim, TimeSpan.FromMinutes(5), cancellationToken);
        await output.WriteLineAsync($"claimed: {first}, again: {second}");

        await foreach (var key in client.ScanAsync("visits:*", cancellationToken))
            await output.WriteLineAsync($"found {key}");
        await output.WriteLineAsync($"deleted: {await client.DeleteAsync(["visits:EUR", "claim:EUR", "absent"], cancellationToken)}");
    }
}
