using Cache.Core.Administration;
using TenantManager.Api.CacheAdministration;
using TenantManager.Api.Keys;
using TenantManager.Api.Secrets;
using TenantManager.Api.TenantSettings;
using TenantManager.Api.Tests.Hosting;
using TenantManager.Contracts.Configuration;
using TenantManager.Contracts.Pods;
using TenantManager.Contracts.Reference;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.Reference;

/// <summary>C1: keys carry the prefix of whom they belong to, and nobody reads another's by accident.</summary>
[Collection(ManagerCollection.Name)]
public sealed class KeyScopeTests(ManagerHost host, ValkeyFixture valkey) : IClassFixture<ValkeyFixture>
{
    private static readonly string[] Prefixes =
    [
        ApiKeyCache.KeyPrefix, SecretCache.KeyPrefix, TenantSettingsCache.KeyPrefix, TenantConfigKey.DefaultPrefix, ReferenceCache.KeyPrefix,
        DeletionStore.Prefix, PodReport.Group + ":", "idempotency:", "ratelimit:",
    ];

    [Fact]
    public void C1_NobodysPrefix_BeginsAnothers()
    {
        Assert.All(Prefixes, prefix => Assert.EndsWith(":", prefix, StringComparison.Ordinal));
        Assert.All(Prefixes, prefix => Assert.Single(Prefixes, other => other.StartsWith(prefix, StringComparison.Ordinal)));
    }

    /// <summary>Everything is used once, over one Valkey; then every key there is somebody's and nobody else's.</summary>
    [Fact]
    public async Task C1_EveryKeyInValkey_IsOfOnePrefix()
    {
        var state = await host.Postgres.CreateDatabaseAsync();
        await using var manager = host.CreateFactory(settings: [("ConnectionStrings:tenant-manager", state), ("ConnectionStrings:valkey", valkey.ConnectionString)]);
        using var client = manager.CreateClient();
        var (tenant, _) = await host.CreateAssociatedAsync(client: client);
        var key = await host.CreateKeyAsync(["service"], client: client);
        Assert.Equal(200, (await host.UseAsync(key.Text, $"/v1/tenants/{tenant}/settings", client: client)).Status);
        await using var reader = await Reader.StartAsync(manager, valkey.ConnectionString);
        Assert.NotNull(await reader.Data.GetAsync(ReferenceKind.Countries));
        await Eventually.HoldsAsync("reference data, settings and a key in Valkey", async () =>
            (await KeysAsync()) is var held && new[] { ReferenceCache.KeyPrefix, TenantSettingsCache.KeyPrefix, ApiKeyCache.KeyPrefix }.All(prefix => held.Any(one => one.StartsWith(prefix, StringComparison.Ordinal))));

        Assert.All(await KeysAsync(), one => Assert.Single(Prefixes, prefix => one.StartsWith(prefix, StringComparison.Ordinal)));
    }

    /// <summary>A key of another service cannot even be asked for: there are three kinds, and no text becomes a fourth.</summary>
    [Theory]
    [InlineData("tm-config:tenant-connections:acme:ledger")]
    [InlineData("../tm-config:acme")]
    [InlineData("countries/../../tenant-secrets:acme")]
    [InlineData("countries:")]
    [InlineData("COUNTRIES")]
    [InlineData("*")]
    [InlineData("")]
    [InlineData(null)]
    public void C1_Kind_OfAnotherScope_IsNone(string? name) => Assert.False(ReferenceKind.TryParse(name, out _));

    private async Task<IReadOnlyList<string>> KeysAsync() =>
        [.. ((IReadOnlyList<object?>)(await valkey.ExecuteAsync("KEYS", "*"))!).Select(one => (string)one!).Where(one => !CacheKeys.IsGuard(one))];
}
