using System.Text.Json;
using Cache.Core;
using Cache.Core.Fencing;
using Cache.Core.Valkey;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantPlatform.TestKit;

namespace TenantPlatform.Observer.Tests.Valkey;

/// <summary>L2 as pods and others leave it behind, for one tenant of the ledger.</summary>
internal sealed class SharedCache : IAsyncDisposable
{
    /// <summary>Must not appear in any log or report.</summary>
    public const string Secret = "secret-of-the-tenants-database";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly ValkeyFixture _valkey;
    private readonly ServiceProvider _services;
    private readonly string _tenant;

    public SharedCache(ValkeyFixture valkey, string tenant)
    {
        (_valkey, _tenant) = (valkey, tenant);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:valkey"] = valkey.ConnectionString })
            .Build();
        _services = new ServiceCollection().AddSingleton(typeof(Microsoft.Extensions.Logging.ILogger<>), typeof(NullLogger<>)).AddValkey(configuration).BuildServiceProvider();
    }

    public string Key => $"tm-config:tenant-connections:{_tenant}:ledger";

    private ICacheClient Client => _services.GetRequiredService<ICacheClient>();

    /// <summary>A configuration, as a pod writes it.</summary>
    public async Task StoreAsync(long revision, string? encryptionKeys = null, string? id = null)
    {
        var config = new TenantConfig
        {
            Id = id ?? _tenant,
            TenantSlug = _tenant,
            Status = "active",
            Revision = revision,
            Databases = new Dictionary<string, ModuleDatabases>(StringComparer.Ordinal) { ["ledger"] = new() { Postgres = new PostgresDatabase { Password = Secret } } },
        };
        if (encryptionKeys is null)
        {
            await Client.Fence.PutAsync(
                Key, JsonSerializer.SerializeToUtf8Bytes(config, ContractJson.Options), new FencedWrite(Guid.NewGuid().ToString("N"), revision, Hour, Hour));
        }
        else
        {
            await new ValkeyConfigCache(Client, "tm-config:", ContractJson.Options, encryptionKeys).SetAsync(Key["tm-config:".Length..], config, Hour);
        }
    }

    public async Task DenyAsync(long revision) => await Client.Fence.DenyAsync(Key, "suspended", revision, Hour);

    public async Task InvalidateAsync() => await Client.Fence.InvalidateAsync(Key, Hour);

    /// <summary>Whatever a command makes of the key.</summary>
    public Task<object?> ExecuteAsync(string command, params string[] arguments) => _valkey.ExecuteAsync([command, Key, .. arguments]);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
