using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using TenantPlatform.LocalServers;

namespace TenantPlatform.Servers.Tests.Running;

/// <summary>An application of a Valkey and a PostgreSQL with a database, running.</summary>
internal sealed class RunningServers : IAsyncDisposable
{
    public const string Valkey = "valkey";
    public const string Postgres = "postgres";
    public const string Books = "books";

    /// <summary>What shells, configuration files and SQL read as something else.</summary>
    public const string Password = """a$b'c"d\e #f""";

    private readonly DistributedApplication _app;
    private readonly CancellationToken _limit;

    private RunningServers(DistributedApplication app, CancellationToken limit) => (_app, _limit) = (app, limit);

    public ResourceNotificationService Notifications => _app.ResourceNotifications;

    public int ValkeyPort => _app.GetEndpoint(Valkey, ValkeyResource.PrimaryEndpointName).Port;

    public int PostgresPort => _app.GetEndpoint(Postgres, "tcp").Port;

    /// <summary>Starts them; returns when all are healthy.</summary>
    /// <param name="form">What they run as.</param>
    /// <param name="volume">What the names of their volumes begin with; null: data are thrown away.</param>
    /// <param name="limit">Gives up.</param>
    public static async Task<RunningServers> StartAsync(IServerForm form, string? volume, CancellationToken limit)
    {
        var builder = DistributedApplicationTestingBuilder.Create($"--Servers:RunAs={form.RunAs}");
        var password = builder.AddParameter("password", Password, secret: true);
        var valkey = builder.AddValkey(Valkey, password: password).WithImageRegistry(TestImages.Registry).RunAsProcessWithoutEngine();
        var postgres = builder.AddPostgres(Postgres, password: password).WithImageRegistry(TestImages.Registry).RunAsProcessWithoutEngine();
        await form.PrepareAsync(valkey.Resource, TestImages.Valkey);
        await form.PrepareAsync(postgres.Resource, TestImages.Postgres);
        postgres.AddDatabase(Books, "the \"books\"");
        if (volume is not null)
        {
            valkey.WithDataVolume(VolumeOf(volume, Valkey));
            postgres.WithDataVolume(VolumeOf(volume, Postgres));
        }

        var running = new RunningServers(await builder.BuildAsync(limit), limit);
        try
        {
            await running._app.StartAsync(limit);
            foreach (var name in (string[])[Valkey, Postgres, Books])
                await running.HealthyAsync(name);
            return running;
        }
        catch
        {
            // What it could not start by says more than what it could not stop by.
            await running.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>Deletes the volumes of applications that have ended.</summary>
    public static async Task DeleteVolumesAsync(IServerForm form, string volume)
    {
        var directory = DistributedApplicationTestingBuilder.Create().AppHostDirectory;
        foreach (var name in (string[])[Valkey, Postgres])
            await form.DeleteVolumeAsync(directory, VolumeOf(volume, name));
    }

    public async Task<CustomResourceSnapshot> HealthyAsync(string name) =>
        (await Notifications.WaitForResourceAsync(
            name, now => now.Snapshot.State?.Text == KnownResourceStates.Running && now.Snapshot.HealthStatus == HealthStatus.Healthy, _limit)).Snapshot;

    public async Task ExecuteAsync(string name, string command)
    {
        var result = await _app.ResourceCommands.ExecuteCommandAsync(name, command, _limit);
        Assert.True(result.Success, result.Message);
    }

    public async Task<object?> ValkeyAsync(string? password, params string[] command)
    {
        await using var connection = await RespConnection.OpenAsync(ValkeyPort, password, _limit);
        return await connection.ExecuteAsync(command, _limit);
    }

    public async Task<object?> SqlAsync(string sql, string? password = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(await _app.GetConnectionStringAsync(Books, _limit)) { Pooling = false };
        settings.Password = password ?? settings.Password;
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(_limit);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(_limit);
    }

    /// <summary>Returns when a resource's log says something.</summary>
    public async Task LogSaysAsync(string name, string text)
    {
        // By the resource: a container's log has the name of its instance.
        var resource = _app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(candidate => candidate.Name == name);
        await foreach (var lines in _app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(resource).WithCancellation(_limit))
        {
            if (lines.Any(line => line.Content.Contains(text, StringComparison.Ordinal)))
                return;
        }

        Assert.Fail($"The log of {name} ended without '{text}'.");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static string VolumeOf(string volume, string name) => $"{volume}-{name}";
}
