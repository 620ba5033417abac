using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using TenantPlatform.LocalServers.Processes;

namespace Cache.Core.Samples.Tests.Packing;

/// <summary>A process of the consumer, and what it answers.</summary>
internal sealed class RunningConsumer : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly HttpClient _client;

    private RunningConsumer(ChildProcess process, Uri address, TimeSpan limit)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = address, Timeout = limit };
    }

    /// <summary>Starts it; the limit holds for each request too.</summary>
    /// <exception cref="InvalidOperationException">It ended, or did not listen within the limit; the message ends with what it printed.</exception>
    public static async Task<RunningConsumer> StartAsync(string program, string valkey, TimeSpan limit)
    {
        var output = new ConcurrentQueue<string>();
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Read(string line)
        {
            output.Enqueue(line);
            if (line.Split("Now listening on: ") is [_, var text])
                address.TrySetResult(new Uri(text));
        }

        var process = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = "dotnet",
            Arguments = [program, "--urls", "http://127.0.0.1:0"],
            OutputLine = Read,
            ErrorLine = Read,
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings__valkey"] = valkey },
        });
        await Task.WhenAny(address.Task, process.Exited, Task.Delay(limit));
        if (address.Task.IsCompletedSuccessfully)
            return new RunningConsumer(process, await address.Task, limit);
        await process.DisposeAsync();
        throw new InvalidOperationException($"'dotnet {program}' did not listen within {limit}, or ended before:\n{string.Join('\n', output)}");
    }

    /// <summary>Which reading of its source it answers with.</summary>
    public async Task<int> ReadAsync(string kind, string currency)
    {
        // By one name, as behind a load balancer: an HTTP cache keeps what it is asked for by its address.
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/{kind}/{currency}", UriKind.Relative)) { Headers = { Host = "consumer" } };
        using var answer = await _client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("reading").GetInt32();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }
}
