using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantPlatform.TestKit;

namespace TenantPlatform.Observer.Tests;

/// <summary>What the observer asks a tenant-manager.</summary>
internal static class FakeManagerExtensions
{
    /// <summary>Sets the list of all tenants.</summary>
    public static void SetTenants(this FakeTenantManager manager, params (string Id, long Revision)[] tenants) => manager.Set(
        "GET",
        "/v1/tenants?limit=100",
        FakeAnswer.Json(new { items = tenants.Select(tenant => new { id = tenant.Id, slug = tenant.Id, revision = tenant.Revision }), limit = 100 }));

    /// <summary>Sets the list of the ledger's pods, each at <c>http://NAME</c>.</summary>
    public static void SetPods(this FakeTenantManager manager, params string[] names) => manager.Set(
        "GET",
        "/v1/pods?service=ledger",
        FakeAnswer.Json(new { pods = names.Select(static name => new { service = "ledger", instance = name, address = $"http://{name}" }) }));

    public static void SetFound(this FakeTenantManager manager, string tenant, long revision) =>
        manager.SetConnections(
            tenant,
            "ledger",
            FakeAnswer.Config(new TenantConfig { Id = tenant, TenantSlug = tenant, Status = "active", Revision = revision }) with { ETag = $"\"{revision}-0a1b2c3d\"" });

    public static void SetDenied(this FakeTenantManager manager, string tenant, long revision) => manager.SetConnections(
        tenant, "ledger", FakeAnswer.Json(new { code = "0131", status = "suspended", revision }) with { Status = System.Net.HttpStatusCode.Forbidden });
}
