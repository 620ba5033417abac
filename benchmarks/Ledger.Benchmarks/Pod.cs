using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TenantManager.Contracts.Tokens;
using TenantPlatform.LocalServers;
using TenantPlatform.LocalServers.Processes;

namespace Ledger.Benchmarks;

/// <summary>A ledger process with one tenant, whose books are open.</summary>
internal sealed class Pod : IAsyncDisposable
{
    public const int Accounts = 1000;
    private const string Tenant = "benchmark";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private readonly Manager _manager;
    private readonly PortReservation _port;
    private readonly ChildProcess _process;

    private Pod(string name, Manager manager, PortReservation port, ChildProcess process, string token)
    {
        Name = name;
        _manager = manager;
        _port = port;
        _process = process;
        Token = token;
    }

    public string Name { get; }

    public int Port => _port.Port;

    public string Token { get; }

    /// <summary>The path of its ledger.</summary>
    public string Ledger { get; private set; } = string.Empty;

    /// <summary>What its process has used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            using var process = Process.GetProcessById(_process.Id);
            return process.TotalProcessorTime;
        }
    }

    /// <summary>The service as it was built with this program.</summary>
    public static string ThisBuild()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, "Ledger.Api", own.Name, "Ledger.Api.dll");
    }

    public static async Task<Pod> StartAsync(string name, string dll, Servers servers, CancellationToken stop)
    {
        var database = $"ledger_{name}";
        var key = RandomNumberGenerator.GetHexString(64);
        await servers.Postgres.CreateDatabaseAsync(database, stop);
        var manager = await Manager.StartAsync(Tenant, servers.Postgres, database);
        var port = PortReservation.Take();
        var process = await ChildProcess.StartAsync(
            new ChildProcessOptions
            {
                FileName = Executables.Require("dotnet"),
                Arguments = [dll],
                WorkingDirectory = Path.GetDirectoryName(dll),
                Environment = new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port.Port}"),
                    ["ASPNETCORE_ENVIRONMENT"] = "Production",
                    ["Logging__LogLevel__Default"] = "Warning",
                    ["ConnectionStrings__valkey"] = servers.Valkey.ConnectionString,
                    ["CACHE_KEY_PREFIX"] = $"{name}:",
                    ["ENV_NAME"] = $"benchmark-{name}",
                    ["AUTH_SIGNING_KEY"] = key,
                    ["MULTI_TENANT_URL"] = manager.Address,
                    ["MULTI_TENANT_ALLOW_INSECURE_HTTP"] = "true",
                    ["MULTI_TENANT_SERVICE_NAME"] = "ledger",
                    ["MULTI_TENANT_SERVICE_API_KEY"] = "benchmark-key-0123456789",

                    // One tenant asks for more than its tier allows.
                    ["RATE_LIMIT_ENABLED"] = "false",
                },
            },
            stop);
        var token = new TokenIssuer(TokenSettings.DefaultIssuer, Encoding.UTF8.GetBytes(key))
            .Issue(new Dictionary<string, string>(StringComparer.Ordinal) { ["tenantId"] = Tenant }, TimeSpan.FromHours(12));
        var pod = new Pod(name, manager, port, process, token);
        try
        {
            await pod.OpenBooksAsync(stop);
            return pod;
        }
        catch
        {
            await pod.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _manager.DisposeAsync();
        _port.Dispose();
    }

    private async Task OpenBooksAsync(CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        await ReadyAsync(http, stop);
        var organization = await PostAsync(http, "/v1/organizations", new { legalName = "Acme", legalDocument = "1" }, stop);
        var ledger = await PostAsync(http, $"/v1/organizations/{organization}/ledgers", new { name = "Main" }, stop);
        Ledger = $"/v1/organizations/{organization}/ledgers/{ledger}";
        await PostAsync(http, $"{Ledger}/assets", new { name = "Real", type = "currency", code = "BRL" }, stop);
        for (var n = 0; n < Accounts; n++)
            await PostAsync(http, $"{Ledger}/accounts", new { name = $"account {n}", assetCode = "BRL", type = "deposit", alias = $"@a{n}" }, stop);
        foreach (var part in Enumerable.Range(0, Accounts).Chunk(100))
        {
            await PostAsync(
                http,
                $"{Ledger}/transactions/json",
                new
                {
                    send = new
                    {
                        asset = "BRL",
                        value = $"{100 * 10_000_000L}",
                        source = new { from = new[] { new { accountAlias = "@external/BRL", remaining = "remaining" } } },
                        distribute = new { to = part.Select(n => new { accountAlias = $"@a{n}", amount = new { asset = "BRL", value = "10000000" } }).ToArray() },
                    },
                },
                stop);
        }
    }

    private static async Task ReadyAsync(HttpClient http, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(StartLimit);
        while (true)
        {
            try
            {
                using var response = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), limit.Token);
                if (response.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
        }
    }

    private static async Task<string> PostAsync(HttpClient http, string path, object body, CancellationToken stop)
    {
        using var response = await http.PostAsJsonAsync(path, body, stop);
        var text = await response.Content.ReadAsStringAsync(stop);
        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(text).RootElement.GetProperty("id").GetString()!
            : throw new InvalidOperationException($"POST {path} was answered {(int)response.StatusCode}: {text}");
    }
}
