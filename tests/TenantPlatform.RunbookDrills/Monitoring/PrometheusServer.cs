using System.Globalization;
using System.Text.Json;
using TenantPlatform.LocalServers;
using TenantPlatform.LocalServers.Processes;
using TenantPlatform.RunbookDrills.Rules;

namespace TenantPlatform.RunbookDrills.Monitoring;

/// <summary>A Prometheus of our own that evaluates the rules over what it scrapes.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly TemporaryDirectory _directory;
    private readonly PortReservation _port;
    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private PrometheusServer(TemporaryDirectory directory, PortReservation port, ChildProcess process, Version version)
    {
        (_directory, _port, _process, Version) = (directory, port, process, version);
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port.Port}/"));
        _http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(10) };
    }

    public Uri Address { get; }

    public Version Version { get; }

    /// <summary>Starts it with these rules; returns when it is ready.</summary>
    public static async Task<PrometheusServer> StartAsync(string rules, string target, Speed speed, CancellationToken cancellationToken)
    {
        var binary = (await ServerLocator.FindPrometheusAsync(Console.Error.WriteLine, cancellationToken)).Require();
        var directory = await TemporaryDirectory.CreateAsync(cancellationToken: cancellationToken);
        var port = PortReservation.Take();
        await File.WriteAllTextAsync(Path.Combine(directory.FullPath, "rules.yaml"), rules, cancellationToken);
        var configuration = Path.Combine(directory.FullPath, "prometheus.yaml");
        await File.WriteAllTextAsync(configuration, Configuration(target, speed), cancellationToken);

        var tail = new Queue<string>();
        var process = await ChildProcess.StartAsync(
            new ChildProcessOptions
            {
                FileName = binary.Path,
                Arguments =
                [
                    $"--config.file={configuration}",
                    $"--storage.tsdb.path={Path.Combine(directory.FullPath, "data")}",
                    string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port.Port}"),
                    $"--query.lookback-delta={Speed.Text(speed.LookbackDelta)}",
                    "--log.level=warn",
                ],
                WorkingDirectory = directory.FullPath,
                Environment = binary.Environment,
                ErrorLine = Keep,
                OutputLine = Keep,
            },
            cancellationToken);
        var server = new PrometheusServer(directory, port, process, binary.Version);
        try
        {
            await server.ReadyAsync(cancellationToken);
            return server;
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException)
        {
            await server.DisposeAsync();
            lock (tail)
                throw new InvalidOperationException($"{binary.Path} {binary.Version} did not start: {exception.Message}\n{string.Join('\n', tail)}", exception);
        }

        void Keep(string line)
        {
            lock (tail)
            {
                tail.Enqueue(line);
                while (tail.Count > 20)
                    tail.Dequeue();
            }
        }
    }

    /// <summary>The alerts that are pending or firing now.</summary>
    public async Task<IReadOnlyList<SeenAlert>> AlertsAsync(CancellationToken cancellationToken)
    {
        var data = await AskAsync("api/v1/alerts", cancellationToken);
        return [.. data.GetProperty("alerts").EnumerateArray().Select(static alert => new SeenAlert(
            alert.GetProperty("labels").GetProperty("alertname").GetString()!,
            alert.GetProperty("state").GetString() == "firing",
            string.Join(
                ", ",
                alert.GetProperty("labels").EnumerateObject().Where(static label => label.Name is not ("alertname" or "severity")).Select(static label => $"{label.Name}={label.Value}")),
            alert.GetProperty("annotations").GetProperty("summary").GetString()!))];
    }

    /// <summary>The labels of each series that a selector has met in the last hour.</summary>
    public async Task<IReadOnlyList<IReadOnlySet<string>>> SeriesAsync(string selector, CancellationToken cancellationToken)
    {
        var start = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds();
        var data = await AskAsync(string.Create(CultureInfo.InvariantCulture, $"api/v1/series?start={start}&match[]={Uri.EscapeDataString(selector)}"), cancellationToken);
        return [.. data.EnumerateArray().Select(static series => series.EnumerateObject().Select(static label => label.Name).ToHashSet(StringComparer.Ordinal))];
    }

    /// <summary>What an expression comes to now, a line for each series.</summary>
    public async Task<string> EvaluateAsync(string expression, CancellationToken cancellationToken)
    {
        var data = await AskAsync($"api/v1/query?query={Uri.EscapeDataString(expression)}", cancellationToken);
        return string.Join('\n', data.GetProperty("result").EnumerateArray().Select(static one => $"{one.GetProperty("metric")} {one.GetProperty("value")[1]}"));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.StopAsync(StopLimit);
        await _process.DisposeAsync();
        _port.Dispose();
        await _directory.DisposeAsync();
    }

    private static string Configuration(string target, Speed speed) => $"""
        global:
          evaluation_interval: {Speed.Text(speed.EvaluationInterval)}
          scrape_interval: {Speed.Text(speed.ExportInterval)}
          scrape_timeout: {Speed.Text(speed.ExportInterval)}
        rule_files: [rules.yaml]
        scrape_configs:
          - job_name: services
            honor_labels: true
            static_configs:
              - targets: ['{target}']
        """;

    private async Task<JsonElement> AskAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(text).RootElement.GetProperty("data")
            : throw new InvalidOperationException($"Prometheus answered {path} with {(int)response.StatusCode}: {text}");
    }

    private async Task ReadyAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        while (!limit.IsCancellationRequested)
        {
            if (_process.HasExited)
                throw new InvalidOperationException("it has ended");
            try
            {
                using var response = await _http.GetAsync(new Uri("-/ready", UriKind.Relative), limit.Token);
                if (response.IsSuccessStatusCode)
                    return;
                await Task.Delay(Pause, limit.Token);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(Pause, CancellationToken.None);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                break;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw new TimeoutException($"it was not ready within {StartLimit.TotalSeconds} s");
    }
}
