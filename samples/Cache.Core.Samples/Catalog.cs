using Cache.Core.Samples.OneProcess;
using Cache.Core.Samples.SeveralPods;

namespace Cache.Core.Samples;

/// <summary>All samples by verb.</summary>
internal static class Catalog
{
    /// <summary>In the order in which one would read them.</summary>
    public static IReadOnlyList<ISample> All { get; } =
    [
        new GetOrFetch(), new GetOrCreate(), new WriteAndInvalidate(), new WriteWithOptions(), new TryGet(), new RefreshPastTheCache(),
        new OneFlight(), new StaleWhileRevalidate(), new StaleIfError(), new SoftTimeout(), new LifetimeFromTheValue(),
        new NotFound(), new Denied(), new Tags(), new Bounds(), new HotPath(), new Metrics(), new Settings(), new SeveralCaches(),
        new TwoTiers(), new OneFetch(), new HearChanges(), new Fence(), new TagsInEveryPod(), new ValkeyDown(),
        new PlainJson(), new Serializer(), new Encryption(), new ValkeyItself(),
    ];

    /// <summary>Runs the sample that the arguments name, or lists them all.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        var sample = args is [var verb] ? All.FirstOrDefault(one => one.Verb == verb) : null;
        if (sample is not null)
        {
            await sample.RunAsync(output, cancellationToken);
            return 0;
        }

        await output.WriteLineAsync("dotnet run --project samples/Cache.Core.Samples -- VERB, where VERB is one of");
        foreach (var one in All)
            await output.WriteLineAsync($"  {one.Verb,-24} {one.Shows}");
        return args.Length == 0 ? 0 : 2;
    }
}
