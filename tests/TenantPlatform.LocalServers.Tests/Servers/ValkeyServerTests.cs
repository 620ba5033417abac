using TenantPlatform.LocalServers;
using TenantPlatform.TestKit;

namespace TenantPlatform.LocalServers.Tests.Servers;

public sealed class ValkeyServerTests(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    public Task InitializeAsync() => valkey.EnsureRunningAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Answers_WithPassword_Commands()
    {
        Assert.Equal("OK", await valkey.ExecuteAsync("SET", "key", "välue"));
        Assert.Equal("välue", await valkey.ExecuteAsync("GET", "key"));
        Assert.Equal(1L, await valkey.ExecuteAsync("DEL", "key"));
        Assert.Null(await valkey.ExecuteAsync("GET", "key"));
    }

    [Fact]
    public async Task Refuses_WithoutPassword_Everyone()
    {
        await using var connection = await RespConnection.OpenAsync(valkey.Port, password: null, CancellationToken.None);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => connection.ExecuteAsync(["GET", "key"], CancellationToken.None));

        Assert.Contains("NOAUTH", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommandLine_WithPassword_DoesNotShowIt()
    {
        var commandLine = await File.ReadAllTextAsync($"/proc/{valkey.Server.ProcessId}/cmdline");

        Assert.Contains("valkey-server", commandLine, StringComparison.Ordinal);
        Assert.DoesNotContain(valkey.Password, commandLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KilledServer_StartedAgain_IsEmptyOnTheSamePort()
    {
        var (port, firstId) = (valkey.Port, valkey.Server.ProcessId);
        await valkey.ExecuteAsync("SET", "kept?", "yes");

        await valkey.RestartEmptyAsync();

        Assert.Equal(port, valkey.Port);
        Assert.NotEqual(firstId, valkey.Server.ProcessId);
        Assert.Null(await valkey.ExecuteAsync("GET", "kept?"));
    }

    [Fact]
    public async Task PausedServer_Resumed_AnswersWhatWasAskedMeanwhile()
    {
        await valkey.ExecuteAsync("SET", "key", "value");
        valkey.Server.Pause();

        var answer = valkey.ExecuteAsync("GET", "key");
        var first = await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(200)));
        valkey.Server.Resume();

        Assert.NotSame(answer, first);
        Assert.Equal("value", await answer);
    }

    [Fact]
    public async Task KeptData_AfterStop_IsThereAgain()
    {
        var directory = Directory.CreateTempSubdirectory("valkey-kept-");
        try
        {
            var options = new ValkeyServerOptions { Binary = valkey.Server.Binary, DataDirectory = directory.FullName, Password = "with \"quotes\" and \\" };
            await using (var server = await ValkeyServer.StartAsync(options))
            {
                await server.ExecuteAsync(["SET", "key", "value"]);
                await server.StopAsync();
            }

            await using var again = await ValkeyServer.StartAsync(options);
            Assert.Equal("value", await again.ExecuteAsync(["GET", "key"]));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task TakenPort_AskedFor_FailsAndNamesIt()
    {
        var options = new ValkeyServerOptions { Binary = valkey.Server.Binary, Port = valkey.Port };

        var failure = await Assert.ThrowsAsync<ServerStartException>(() => ValkeyServer.StartAsync(options));

        Assert.Contains($"{valkey.Port}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("in use", failure.Message, StringComparison.OrdinalIgnoreCase);
    }
}
