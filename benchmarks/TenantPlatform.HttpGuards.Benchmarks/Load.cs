using System.Diagnostics;
using System.Globalization;
using System.Text;
using Ledger.Benchmarks;

namespace TenantPlatform.HttpGuards.Benchmarks;

/// <summary>Keeps as many requests under way as there are connections.</summary>
internal sealed class Load(Service service, KeyKind keys, int connections)
{
    private const string Body = """{"name":"Acme Ltd","environment":"test","isolation":"isolated","owner":{"email":"owner@acme.example","emailVerified":true}}""";

    public async Task<(double PerSecond, double Median)> RunAsync(TimeSpan length, CancellationToken stop)
    {
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => SendAsync([], static sent => sent < 50, stop)));
        var began = Stopwatch.GetTimestamp();
        var samples = Enumerable.Range(0, connections).Select(_ => new List<double>()).ToList();
        await Task.WhenAll(samples.Select(sample => SendAsync(sample, _ => Stopwatch.GetElapsedTime(began) < length, stop)));
        var took = Stopwatch.GetElapsedTime(began);
        var times = samples.SelectMany(sample => sample).Order().ToList();
        return (times.Count / took.TotalSeconds, times[times.Count / 2]);
    }

    private async Task SendAsync(List<double> sample, Func<int, bool> goesOn, CancellationToken stop)
    {
        using var connection = await HttpPipe.OpenAsync(service.Port, stop);
        var request = Request();
        for (var sent = 0; goesOn(sent); sent++)
        {
            if (keys == KeyKind.New)
                request = Request();
            var began = Stopwatch.GetTimestamp();
            var status = await connection.SendAsync(request, stop);
            if (status != 200)
                throw new InvalidOperationException($"The service answered {status}.");
            sample.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }

    private byte[] Request()
    {
        var key = keys == KeyKind.None ? string.Empty : $"X-Idempotency: {Guid.NewGuid():N}\r\n";
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"POST /v1/tenants HTTP/1.1\r\nHost: x\r\n{key}Content-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}"));
    }
}
