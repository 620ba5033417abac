using TenantManager.Contracts.Configuration;

namespace TenantManager.Contracts.Tests.Configuration;

public sealed class TenantConfigKeyTests
{
    private static readonly TenantId Tenant = TenantId.Parse("acme");

    [Fact]
    public void For_TenantAndService_IsGosKey() =>
        Assert.Equal("tm-config:tenant-connections:acme:ledger", TenantConfigKey.DefaultPrefix + TenantConfigKey.For(Tenant, "ledger"));

    [Theory]
    [InlineData("")]
    [InlineData("ledger:x")]
    [InlineData("../x")]
    public void For_NameThatWouldBreakOut_IsRefused(string service)
    {
        Assert.False(TenantConfigKey.IsServiceName(service));
        Assert.Throws<ArgumentException>(() => TenantConfigKey.For(Tenant, service));
        Assert.Throws<ArgumentException>(() => TenantConfigKey.For(default, "ledger"));
    }

    [Theory]
    [InlineData("acme", true)]
    [InlineData("acme2", false)]
    [InlineData("", false)]
    public void IsOf_OnlyTheKeysTenant(string id, bool expected) =>
        Assert.Equal(expected, TenantConfigKey.IsOf(TenantConfigKey.For(Tenant, "ledger"), new TenantConfig { Id = id }));
}
