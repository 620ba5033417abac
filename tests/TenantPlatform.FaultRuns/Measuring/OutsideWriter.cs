using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;
using TenantPlatform.CommandLine;

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

    /// <summary>The command under which a process of this program becomes the writer; not one for people.</summary>
    public static Command ToCommand()
    {
        var prefix = new Argument<string>("prefix");
        var keys = new Argument<int>("keys");
        var changesPerSecond = new Argument<int>("changes-per-second");
        var seconds = new Argument<double>("seconds");
        var command = new Command(WriterOrder.Command, "Changes values in Valkey at a steady rate.") { prefix, keys, changesPerSecond, seconds };
        command.Hidden = true;
        command.SetRun((asked, stop) => RunAsync(
            new WriterOrder(asked.GetRequiredValue(prefix), asked.GetValue(keys), asked.GetValue(changesPerSecond), TimeSpan.FromSeconds(asked.GetValue(seconds))),
            Console.In,
            Console.Out,
            stop));
        return command;
    }

    private static async Task<int> RunAsync(WriterOrder order, TextReader input, TextWriter output, CancellationToken stop)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(await input.ReadLineAsync(stop) ?? string.Empty);
        var database = connection.GetDatabase();
        var versions = new int[order.Keys];
        var changes = new List<Task<Acknowledged>>();
        for (var key = 0; key < order.Keys; key++)
            changes.Add(WriteAsync(database, order, key, versions[key]++));
        await Task.WhenAll(changes);
        await output.WriteLineAsync(Ready);
        await output.FlushAsync(stop);
        if (await input.ReadLineAsync(stop) != Begin)
            return ExitCode.Failure;

        var random = new Random(1);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < order.Length)
        {
            for (var due = order.Keys + (clock.Elapsed.TotalSeconds * order.ChangesPerSecond); changes.Count < due;)
            {
                var key = random.Next(order.Keys);
                changes.Add(WriteAsync(database, order, key, versions[key]++));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), stop);
        }

        // Said only now, so that nothing is slowed while it is measured.
        foreach (var change in await Task.WhenAll(changes))
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{change.Key} {change.Version} {change.At}"));
        await output.WriteLineAsync(End);
        return ExitCode.Success;
    }

    private static async Task<Acknowledged> WriteAsync(IDatabase database, WriterOrder order, int key, int version)
    {
        await database.StringSetAsync($"{order.Prefix}{key}", version);
        return new Acknowledged(key, version, Stopwatch.GetTimestamp());
    }
}
