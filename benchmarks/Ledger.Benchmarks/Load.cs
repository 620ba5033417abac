using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Ledger.Benchmarks;

/// <summary>Keeps as many requests under way as there are connections.</summary>
internal sealed class Load(Pod pod, Workload workload, int connections)
{
    private const int WarmUp = 50;

    public async Task<Result> RunAsync(TimeSpan length, CancellationToken stop)
    {
        await Task.WhenAll(Enumerable.Range(0, connections).Select(n => SendAsync(n, new Sample(), static (sent, _) => sent < WarmUp, stop)));

        var (began, used) = (Stopwatch.GetTimestamp(), pod.ProcessorTime);
        var samples = Enumerable.Range(0, connections).Select(_ => new Sample()).ToList();
        await Task.WhenAll(samples.Select((sample, n) => SendAsync(n, sample, (_, _) => Stopwatch.GetElapsedTime(began) < length, stop)));
        var (took, processor) = (Stopwatch.GetElapsedTime(began), pod.ProcessorTime - used);

        var times = samples.SelectMany(sample => sample.Milliseconds).Order().ToList();
        return new Result(
            times.Count / took.TotalSeconds, times[times.Count / 2], times[times.Count * 99 / 100], processor.TotalMicroseconds / times.Count, samples.Sum(sample => sample.Failed));
    }

    private async Task SendAsync(int number, Sample sample, Func<int, int, bool> goesOn, CancellationToken stop)
    {
        using var connection = await HttpPipe.OpenAsync(pod.Port, stop);
        var random = new Random(number);
        for (var sent = 0; goesOn(sent, number); sent++)
        {
            var request = Request(random);
            var began = Stopwatch.GetTimestamp();
            var status = await connection.SendAsync(request, stop);
            if (status is >= 200 and < 300)
                sample.Milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            else
                sample.Failed++;
        }
    }

    private byte[] Request(Random random)
    {
        if (workload == Workload.Pages)
            return Encoding.ASCII.GetBytes($"GET /v1/organizations?limit=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {pod.Token}\r\n\r\n");
        var from = workload == Workload.HotTransfers ? 0 : random.Next(Pod.Accounts);
        var to = (from + 1 + random.Next(Pod.Accounts - 1)) % Pod.Accounts;
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $$$$"""{"send":{"asset":"BRL","value":"1.25","source":{"from":[{"accountAlias":"@a{{{{from}}}}","amount":{"asset":"BRL","value":"1.25"}}]},"distribute":{"to":[{"accountAlias":"@a{{{{to}}}}","amount":{"asset":"BRL","value":"1.25"}}]}}}""");
        return Encoding.ASCII.GetBytes(
            $"POST {pod.Ledger}/transactions/json HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {pod.Token}\r\nX-Idempotency: {Guid.NewGuid():N}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    private sealed class Sample
    {
        public List<double> Milliseconds { get; } = [];

        public int Failed { get; set; }
    }
}
