namespace TenantManager.Contracts.Tests;

/// <summary>A tenant's keys are its own (B6): no id makes a key that is another tenant's.</summary>
public sealed class TenantKeyTests
{
    [Theory]
    [InlineData("acme", "settings", "tenant:acme:settings")]
    [InlineData("acme", "a:b", "tenant:acme:a:b")]
    [InlineData("6F9619FF-8B86-D011-B42D-00C04FC964FF", "settings", "tenant:6f9619ff8b86d011b42d00c04fc964ff:settings")]
    public void For_ATenant_IsWhatTheContractSays(string tenant, string key, string expected) => Assert.Equal(expected, TenantKey.For(tenant, key));

    [Theory]
    [InlineData("acme:other")]
    [InlineData("acme other")]
    [InlineData("{acme}")]
    [InlineData("acme*")]
    [InlineData("ä")]
    [InlineData("")]
    public void For_AnIdOutsideTheAlphabet_IsRefused_AndNotRepeated(string tenant)
    {
        var refused = Assert.Throws<FormatException>(() => TenantKey.For(tenant, "settings"));

        if (tenant.Length > 0)
            Assert.DoesNotContain(tenant, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void For_NoTenantOrNoKey_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => TenantKey.For(default(TenantId), "settings"));
        Assert.Throws<ArgumentException>(() => TenantKey.For("acme", ""));
    }
}
