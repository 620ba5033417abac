using System.Buffers;
using System.Globalization;
using System.Text;
using Cache.Core.Samples.Stage;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Samples.SeveralPods;

/// <inheritdoc/>
internal sealed class Serializer : ISample
{
    public string Verb => "serializer";

    public string Shows => "A serializer of one's own, through the standard IHybridCacheSerializer.";

    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var valkey = await LocalValkey.StartAsync(cancellationToken);
        await using var pod = await Pod.StartAsync(builder =>
        {
            builder.Services.AddValkey(builder.Configuration).AddTieredCache();
            builder.Services.AddSingleton<IHybridCacheSerializer<Price>>(new PriceSerializer());
        }, valkey);

        await pod.Cache.SetAsync("EUR", new Price("EUR", 1.08m), TimeSpan.FromHours(1), cancellationToken);
        var stored = await pod.Valkey.GetAsync("cache:EUR", cancellationToken);
        await output.WriteLineAsync($"The envelope ends with {Encoding.UTF8.GetString(stored.AsSpan(^8..))}");
    }

    private sealed class PriceSerializer : IHybridCacheSerializer<Price>
    {
        public Price Deserialize(ReadOnlySequence<byte> source)
        {
            var parts = Encoding.UTF8.GetString(source).Split(' ');
            return new Price(parts[0], decimal.Parse(parts[1], CultureInfo.InvariantCulture));
        }

        public void Serialize(Price value, IBufferWriter<byte> target) => Encoding.UTF8.GetBytes($"{value.Currency} {value.Rate}", target);
    }
}
