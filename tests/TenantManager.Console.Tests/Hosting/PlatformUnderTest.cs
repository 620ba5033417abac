using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using TenantManager.Console.SignIn;
using TenantManager.Contracts.Tokens;
using TenantPlatform.TestKit;

namespace TenantManager.Console.Tests.Hosting;

/// <summary>PostgreSQL, Valkey, the tenant-manager, two pods, the console and a browser: started once, for all tests.</summary>
public sealed class PlatformUnderTest : IAsyncLifetime
{
    public const string ServiceKey = "service-key-of-the-tests-0123456789";
    public const string ConsoleKey = "console-key-of-the-tests-0123456789";
    public const string DiagnosticsKey = "diagnostics-key-of-the-tests-0123456789";
    public const string SigningKey = "signing-key-of-the-tests-0123456789-0123456789";
    public const string OperatorToken = "operator-token-of-the-tests-0123456789";

    private readonly PostgresFixture _postgres = new();
    private readonly ValkeyFixture _valkey = new();
    private readonly List<Pod> _pods = [];
    private readonly Dictionary<string, string> _sessions = new(StringComparer.Ordinal);
    private WebApplicationFactory<Api.Program>? _manager;
    private WebApplicationFactory<Program>? _console;
    private Chromium? _chromium;

    internal ManagerLink Link { get; private set; } = null!;

    internal IReadOnlyList<Pod> Pods => _pods;

    public LogCollector Logs { get; } = new();

    public HttpClient Manager { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public IBrowser Browser => _chromium!.Browser;

    internal OneTimeTokens Tokens => _console!.Services.GetRequiredService<OneTimeTokens>();

    public async Task InitializeAsync()
    {
        var browser = Chromium.StartAsync();
        await Task.WhenAll(_postgres.InitializeAsync(), _valkey.InitializeAsync());
        var state = await _postgres.CreateDatabaseAsync();
        _manager = Host<Api.Program>(
            ("ConnectionStrings:tenant-manager", state),
            ("ConnectionStrings:postgres", _postgres.AdminConnectionString),
            ("ConnectionStrings:valkey", _valkey.ConnectionString),
            ("TENANT_MANAGER_API_KEYS", ServiceKey),
            ("TENANT_MANAGER_CONSOLE_KEY", ConsoleKey),
            ("TENANT_MANAGER_SECRETS_KEY", "secrets-key-of-the-tests-0123456789-0123456789"),
            ("MULTI_TENANT_DIAGNOSTICS_KEY", DiagnosticsKey),
            ("ENV_NAME", "test"),
            ("AUTH_SIGNING_KEY", SigningKey));
        var manager = AddressOf(_manager);
        Manager = new HttpClient { BaseAddress = manager };
        foreach (var name in new[] { "ledger-1", "ledger-2" })
            _pods.Add(await Pod.StartAsync(name, manager, _valkey.ConnectionString));
        Link = new ManagerLink(manager);
        _console = CreateConsole(("Console:Tokens:Operator", OperatorToken));
        Address = AddressOf(_console);
        _chromium = await browser;
    }

    public async Task DisposeAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        if (_console is not null)
            await _console.DisposeAsync();
        foreach (var pod in _pods)
            await pod.DisposeAsync();
        if (Link is not null)
            await Link.DisposeAsync();
        Manager?.Dispose();
        if (_manager is not null)
            await _manager.DisposeAsync();
        await _valkey.DisposeAsync();
        Logs.Dispose();
    }

    /// <summary>Another console over the same tenant-manager.</summary>
    internal WebApplicationFactory<Program> CreateConsole(params (string Name, string Value)[] settings) =>
        Host<Program>([("Console:TenantManager", Link.Address), ("Console:ApiKey", ConsoleKey), .. settings]);

    internal static Uri AddressOf<T>(WebApplicationFactory<T> host)
        where T : class
    {
        host.StartServer();
        return new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>A window of somebody who has signed in, on a page that is there.</summary>
    public async Task<Visit> VisitAsync(string path, string name = "Ann Operator", string role = Roles.Operator, bool isDark = false, bool isPhone = false)
    {
        var options = new BrowserNewContextOptions
        {
            BaseURL = Address.ToString(),
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = isPhone ? new ViewportSize { Width = 390, Height = 800 } : new ViewportSize { Width = 1280, Height = 900 },
            StorageState = _sessions.GetValueOrDefault($"{role} {name}"),
        };
        var visit = await Visit.OpenAsync(Browser, options);
        if (options.StorageState is null)
        {
            await visit.Page.GotoAsync($"/sign-in?token={Tokens.Issue(role, name)}&returnUrl={Uri.EscapeDataString(path)}");
            await visit.Page.Locator("#enter").ClickAsync();
            _sessions[$"{role} {name}"] = await visit.Page.Context.StorageStateAsync();
        }
        else
        {
            await visit.Page.GotoAsync(path);
        }

        await visit.Page.Locator("h1").WaitForAsync();
        return visit;
    }

    /// <summary>A tenant, made by API.</summary>
    public async Task<(string Id, string Slug)> CreateTenantAsync(string name = "Acme", bool isAssociated = true, string? slug = null)
    {
        slug ??= $"t{Guid.NewGuid():N}"[..16];
        var created = await SendAsync(HttpMethod.Post, "/v1/tenants", new { name, slug, environment = "test", isolation = "schema", owner = new { email = "owner@acme.example" } });
        var id = created.GetProperty("id").GetString()!;
        if (isAssociated)
            await SendAsync(HttpMethod.Post, $"/v1/tenants/{id}/associations/ledger", new { isolationMode = "schema" });
        return (id, slug);
    }

    /// <summary>Calls the tenant-manager as an administrator without a console.</summary>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-API-Key", ServiceKey);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", new TokenIssuer(TokenSettings.DefaultIssuer, Encoding.UTF8.GetBytes(SigningKey))
            .Issue(new Dictionary<string, string>(StringComparer.Ordinal) { ["scope"] = "tenant-manager:admin", ["sub"] = "tests" }, TimeSpan.FromMinutes(10)));
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await Manager.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    /// <summary>What a key is answered.</summary>
    public async Task<int> StatusAsync(string key, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-API-Key", key);
        using var response = await Manager.SendAsync(request);
        return (int)response.StatusCode;
    }

    /// <summary>Keys that are nobody's.</summary>
    public async Task FillValkeyAsync(string prefix, int count)
    {
        for (var n = 0; n < count; n++)
            await _valkey.ExecuteAsync("SET", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{prefix}{n}"), "x");
    }

    /// <summary>The newest line of the audit log about something.</summary>
    public async Task<JsonElement> LastAuditAsync(string query) => (await SendAsync(HttpMethod.Get, $"/v1/audit?limit=1&{query}")).GetProperty("items")[0];

    private WebApplicationFactory<T> Host<T>(params (string Name, string Value)[] settings)
        where T : class
    {
        var host = new WebApplicationFactory<T>().WithWebHostBuilder(web =>
        {
            web.UseEnvironment("Development").UseUrls("http://127.0.0.1:0");
            foreach (var (name, value) in settings)
                web.UseSetting(name, value);
            web.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Logs).SetMinimumLevel(LogLevel.Debug));
        });
        host.UseKestrel();
        return host;
    }
}
