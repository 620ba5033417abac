using System.Text;
using Cache.Core.Samples.Stage;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.SeveralPods;

/// <inheritdoc/>
internal sealed class PlainJson : ISample
{
    public string Verb => "plain-json";

    public string Shows => "Values as plain JSON, to share them with programs that know no envelope.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var valkey = await LocalValkey.StartAsync(cancellationToken);
        await using var pod = await Pod.StartAsync(builder =>
        {
            builder.Services.AddValkey(builder.Configuration);
            builder.Services.AddTieredCache(options => (options.KeyPrefix, options.Format) = ("prices:", CacheFormat.PlainJson));
        }, valkey);

        await pod.Cache.SetAsync("EUR", new Price("EUR", 1.08m), TimeSpan.FromHours(1), cancellationToken);
        var stored = await pod.Valkey.GetAsync("prices:EUR", cancellationToken);
        await output.WriteLineAsync($"GET prices:EUR → {Encoding.UTF8.GetString(stored!)}");
    }
}
