using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TenantManager.Api;
using TenantPlatform.LocalServers.Processes;
using TenantPlatform.TestKit;

namespace TenantPlatform.ThirdService.Tests;

/// <summary>The platform beside which the page's service runs: PostgreSQL, Valkey, and the tenant-manager in this process; and the service.</summary>
internal sealed class Platform : IAsyncDisposable
{
    private const string SigningKey = "test-signing-key-0123456789-0123456789-0123456789";
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly ValkeyFixture _valkey = new();
    private readonly LogCollector _logs = new();
    private WebApplicationFactory<Program>? _manager;
    private ChildProcess? _notes;

    public const string ServiceKey = "test-service-key-0123456789";

    public Uri Manager { get; private set; } = new("http://127.0.0.1");

    public Uri Notes { get; } = new($"http://127.0.0.1:{FreePort.Next()}");

    /// <summary>What the service has said.</summary>
    public string Output => string.Join('\n', _output);

    public static async Task<Platform> StartAsync(CancellationToken cancellationToken)
    {
        var platform = new Platform();
        try
        {
            await platform.StartManagerAsync(cancellationToken);
            await platform.StartNotesAsync(cancellationToken);
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_notes is not null)
        {
            await _notes.StopAsync(StopLimit);
            await _notes.DisposeAsync();
        }

        if (_manager is not null)
            await _manager.DisposeAsync();
        await _valkey.DisposeAsync();
        _logs.Dispose();
    }

    private async Task StartManagerAsync(CancellationToken cancellationToken)
    {
        var postgres = new PostgresFixture();
        await Task.WhenAll(postgres.InitializeAsync(), _valkey.InitializeAsync());
        var state = await postgres.CreateDatabaseAsync(cancellationToken);
        _manager = new WebApplicationFactory<Program>().WithWebHostBuilder(web => web
            .UseEnvironment("Development").UseUrls("http://127.0.0.1:0")
            .UseSetting("ConnectionStrings:tenant-manager", state)
            .UseSetting("ConnectionStrings:postgres", postgres.AdminConnectionString)
            .UseSetting("ConnectionStrings:valkey", _valkey.ConnectionString)
            .UseSetting("TENANT_MANAGER_API_KEYS", ServiceKey)
            .UseSetting("TENANT_MANAGER_SECRETS_KEY", "test-secrets-key-0123456789-0123456789-0123456789")
            .UseSetting("ENV_NAME", "local")
            .UseSetting("AUTH_SIGNING_KEY", SigningKey)
            .ConfigureLogging(logging => logging.ClearProviders().AddProvider(_logs)));
        _manager.UseKestrel();
        _manager.StartServer();
        Manager = new Uri(_manager.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    private async Task StartNotesAsync(CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string?>(
            Registration.Environment(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["l2"] = _valkey.ConnectionString,
                ["tenantManager"] = Manager.ToString(),
                ["settings.CacheMode"] = "single",
                ["serviceApiKey"] = ServiceKey,
                ["tokenSigningKey"] = SigningKey,
            }),
            StringComparer.Ordinal)
        { ["ASPNETCORE_URLS"] = Notes.ToString() };
        _notes = await ChildProcess.StartAsync(
            new ChildProcessOptions
            {
                FileName = "dotnet",
                Arguments = [BuiltPage.Program],
                WorkingDirectory = Path.GetDirectoryName(BuiltPage.Program),
                Environment = environment,
                OutputLine = _output.Enqueue,
                ErrorLine = _output.Enqueue,
            },
            cancellationToken);
        using var http = new HttpClient { BaseAddress = Notes };
        await Eventually.HoldsAsync("the service is ready", async () =>
        {
            Assert.False(_notes.HasExited, $"The page's service has ended:\n{Output}");
            using var ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellationToken);
            return ready.IsSuccessStatusCode;
        });
    }
}
