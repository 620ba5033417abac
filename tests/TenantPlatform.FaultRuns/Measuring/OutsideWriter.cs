using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace TenantPlatform.FaultRuns.Measuring;

/// <summary>
/// A process that knows nothing of the cache and changes values in Valkey at a steady rate. It is told by its standard input
/// where Valkey is and when to begin, and tells by its standard output when each change was acknowledged.
/// </summary>
internal static class OutsideWriter
{
    public const string Ready = "ready";
    public const string Begin = "begin";
    public const string End = "end";

    public static async Task<int> RunAsync(WriterOrder order, TextReader input, TextWriter output)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(await input.ReadLineAsync() ?? string.Empty);
        var database = connection.GetDatabase();
        var versions = new int[order.Keys];
        var changes = new List<Task<Acknowledged>>();
        for (var key = 0; key < order.Keys; key++)
            changes.Add(WriteAsync(database, order, key, versions[key]++));
        await Task.WhenAll(changes);
        await output.WriteLineAsync(Ready);
        await output.FlushAsync();
        if (await input.ReadLineAsync() != Begin)
            return 1;

        var random = new Random(1);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < order.Length)
        {
            for (var due = order.Keys + (clock.Elapsed.TotalSeconds * order.ChangesPerSecond); changes.Count < due;)
            {
                var key = random.Next(order.Keys);
                changes.Add(WriteAsync(database, order, key, versions[key]++));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }

        // Said only now, so that nothing is slowed while it is measured.
        foreach (var change in await Task.WhenAll(changes))
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{change.Key} {change.Version} {change.At}"));
        await output.WriteLineAsync(End);
        return 0;
    }

    private static async Task<Acknowledged> WriteAsync(IDatabase database, WriterOrder order, int key, int version)
    {
        await database.StringSetAsync($"{order.Prefix}{key}", version);
        return new Acknowledged(key, version, Stopwatch.GetTimestamp());
    }
}
