using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.Hosting.Containers;

namespace TenantPlatform.Hosting.Tests.Containers;

/// <summary>Where servers come from, with engines that are scripts.</summary>
public sealed class EngineChoiceTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(4));
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        _directory.Delete(recursive: true);
        _limit.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task NoEngineAnswers_MachinesServerRuns_AndTheLogSaysWhatWasTried()
    {
        var engine = Script("echo 'Cannot connect to the Docker daemon' >&2; exit 1");

        var (origin, lines) = await RunValkeyAsync(engine);

        Assert.Contains("valkey-server", origin, StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("no engine answers: Cannot connect to the Docker daemon", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ImageCannotBePulled_MachinesServerRuns_AndPullingIsTriedOnce()
    {
        var engine = Script("""
            case "$1 $2" in
                "version --format") echo 99.0 ;;
                "pull --quiet") echo pull >> "$0.pulls"; echo 'no such host' >&2; exit 1 ;;
                *) exit 1 ;;
            esac
            """);

        var (origin, lines) = await RunValkeyAsync(engine);
        await RunValkeyAsync(engine);

        Assert.Contains("valkey-server", origin, StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("cannot pull it: no such host", StringComparison.Ordinal));
        Assert.Single(await File.ReadAllLinesAsync($"{engine}.pulls", _limit.Token));
    }

    [Fact]
    public async Task Engine_IsAskedOnce_ForAllServersOfAnApplication()
    {
        var engine = Script("""
            echo "$1 $2" >> "$0.asked"
            echo 'Cannot connect to the Docker daemon' >&2
            exit 1
            """);
        var builder = DistributedApplicationTestingBuilder.Create($"--Containers:Engine={engine}");
        foreach (var name in (string[])["one", "two", "three"])
            builder.AddContainer(name, "some/image");
        await using var app = await builder.BuildAsync(_limit.Token);
        await app.StartAsync(_limit.Token);

        foreach (var name in (string[])["one", "two", "three"])
        {
            var failed = await app.ResourceNotifications.WaitForResourceAsync(name, now => now.Snapshot.State?.Text == KnownResourceStates.FailedToStart, _limit.Token);
            Assert.Contains(failed.Snapshot.Properties, property => property.Value?.ToString()?.Contains("Cannot connect to the Docker daemon", StringComparison.Ordinal) is true);
        }

        Assert.Equal(["version --format"], await File.ReadAllLinesAsync($"{engine}.asked", _limit.Token));
    }

    [Fact]
    public async Task EngineNone_IsNotAsked()
    {
        var (origin, lines) = await RunValkeyAsync("none");

        Assert.Contains("valkey-server", origin, StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("switched off by configuration", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AddContainer_WithoutEngine_FailsToStart_WithWhatWasTriedAndWhatToDo()
    {
        var builder = DistributedApplicationTestingBuilder.Create("--Containers:Engine=no-such-engine");
        builder.AddContainer("alone", "registry.example:5000/some/image:1.2");
        await using var app = await builder.BuildAsync(_limit.Token);
        await app.StartAsync(_limit.Token);

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => app.ResourceNotifications.WaitForResourceHealthyAsync("alone", WaitBehavior.StopOnResourceUnavailable, _limit.Token));

        Assert.Contains("registry.example:5000/some/image:1.2", error.Message, StringComparison.Ordinal);
        Assert.Contains("no-such-engine on PATH (not there)", error.Message, StringComparison.Ordinal);
        Assert.Contains("Start docker or podman", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Container_IsNamedLabelledBoundToLoopback_AndNoValueIsOnTheCommandLine()
    {
        var script = Script("""
            case "$1 $2" in
                "version --format") echo 99.0 ;;
                "image inspect") exit 0 ;;
                "container inspect") [ -e "$0.run" ] && echo "true 0123456789ab" ;;
                "run --rm") for argument; do echo "$argument"; done > "$0.new"; mv "$0.new" "$0.run"; exec sleep 60 ;;
                "stop --time") pkill -f "$0 run" || true ;;
            esac
            """);
        var tried = new List<string>();
        var engine = await ContainerEngine.FindAsync(script, tried, _limit.Token);
        Assert.NotNull(engine);

        await using var container = await Container.StartAsync(
            engine,
            new ContainerOptions
            {
                Resource = "thing",
                Owner = "owner-1",
                Image = "some/image:1",
                Arguments = ["serve"],
                Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["SECRET"] = "hunter2", ["UNSET"] = null },
                Ports = [(18_000, 80)],
                Mounts = [new ContainerMountAnnotation("data", "/data", ContainerMountType.Volume, isReadOnly: true)],
            },
            _limit.Token);

        var run = await File.ReadAllLinesAsync($"{script}.run", _limit.Token);
        Assert.Equal(
            [
                "run", "--rm", "--name", container.Name, "--label", "tenant-platform.owner=owner-1", "--label", "tenant-platform.resource=thing",
                "--env", "SECRET", "--publish", "127.0.0.1:18000:80", "--mount", "type=volume,source=data,target=/data,readonly", "some/image:1", "serve",
            ],
            run);
        Assert.Equal("0123456789ab", container.Id);
    }

    private async Task<(string Origin, IReadOnlyList<string> Lines)> RunValkeyAsync(string engine)
    {
        var builder = DistributedApplicationTestingBuilder.Create($"--Containers:Engine={engine}");
        builder.AddValkey("valkey");
        await using var app = await builder.BuildAsync(_limit.Token);
        await app.StartAsync(_limit.Token);
        var healthy = await app.ResourceNotifications.WaitForResourceHealthyAsync("valkey", WaitBehavior.StopOnResourceUnavailable, _limit.Token);
        var lines = new List<string>();
        await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync("valkey").WithCancellation(_limit.Token))
        {
            lines.AddRange(batch.Select(line => line.Content));
            if (lines.Exists(line => line.Contains("Not as a container", StringComparison.Ordinal)))
                break;
        }

        return ((string)healthy.Snapshot.Properties.Single(property => property.Name == "resource.source").Value!, lines);
    }

    private string Script(string body)
    {
        var path = Path.Combine(_directory.FullName, "docker");
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
