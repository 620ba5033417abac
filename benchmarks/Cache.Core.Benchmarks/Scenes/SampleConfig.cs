using System.Text.Json;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;

namespace Cache.Core.Benchmarks.Scenes;

/// <summary>A tenant's configuration of about 1.2 kB as JSON.</summary>
internal static class SampleConfig
{
    private static readonly string[] Modules = ["onboarding", "transaction", "reporting"];

    public static TenantConfig For(TenantId tenant) => new()
    {
        Id = tenant.Value,
        TenantSlug = "acme-corporation",
        TenantName = "Acme Corporation of the North",
        Service = BenchmarkKeys.Service,
        Status = "active",
        IsolationMode = "isolated",
        Revision = 17,
        CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        UpdatedAt = new DateTimeOffset(2026, 5, 6, 7, 8, 9, TimeSpan.Zero),
        ConnectionSettings = new ConnectionSettings { MaxOpenConns = 25, MaxIdleConns = 5, StatementTimeout = "30s" },
        Databases = Modules.ToDictionary(
            module => module,
            module => new ModuleDatabases
            {
                Postgres = new PostgresDatabase
                {
                    Host = $"postgres-{module}.databases.svc.cluster.local",
                    Port = 5432,
                    Database = $"tenant_acme_{module}",
                    Username = $"tenant_acme_{module}_owner",
                    Password = $"not-a-secret-{module}-0123456789abcdef0123456789",
                },
                ConnectionSettings = new ConnectionSettings { MaxOpenConns = 10, MaxIdleConns = 2, StatementTimeout = "10s" },
            },
            StringComparer.Ordinal),
    };

    public static byte[] Json(TenantId tenant) => JsonSerializer.SerializeToUtf8Bytes(For(tenant), ContractJson.Options);
}
