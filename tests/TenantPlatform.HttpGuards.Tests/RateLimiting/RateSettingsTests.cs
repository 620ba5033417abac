using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.HttpGuards.Idempotency;
using TenantPlatform.HttpGuards.RateLimiting;
using TenantPlatform.HttpGuards.Tests.Hosting;

namespace TenantPlatform.HttpGuards.Tests.RateLimiting;

/// <summary>A wrong setting ends the start with a message that names it.</summary>
public sealed class RateSettingsTests
{
    [Theory]
    [InlineData("RATE_LIMIT_STANDARD", "many")]
    [InlineData("RATE_LIMIT_STANDARD", "100")]
    [InlineData("RATE_LIMIT_STANDARD", "0/1s")]
    [InlineData("RATE_LIMIT_STANDARD", "1/0s")]
    [InlineData("RATE_LIMIT_STANDARD", "1/s")]
    [InlineData("RATE_LIMIT_STANDARD", "1/1d")]
    [InlineData("RATE_LIMIT_STANDARD", "1/1s/0")]
    [InlineData("RATE_LIMIT_STANDARD", "1/1s/1/1")]
    [InlineData("RATE_LIMIT_STANDARD", "-1/1s")]
    [InlineData("RATE_LIMIT_STANDARD", "1/1h/1000000")]
    [InlineData("RATE_LIMIT_VERY_BIG", "none")]
    [InlineData("RATE_LIMIT_ENABLED", "perhaps")]
    [InlineData("RATE_LIMIT_INSTANCES", "0")]
    [InlineData("RATE_LIMIT_TIMEOUT_MS", "1s")]
    [InlineData("IDEMPOTENCY_ENABLED", "2")]
    [InlineData("IDEMPOTENCY_RETENTION_SEC", "0")]
    [InlineData("IDEMPOTENCY_WITHOUT_VALKEY", "open")]
    public void WrongSetting_IsRefused_ByItsName(string name, string value)
    {
        var refused = Assert.Throws<GuardSettingException>(() => Register((name, value)));

        Assert.StartsWith($"{name} is '{value}'", refused.Message, StringComparison.Ordinal);
        Assert.Equal((name, name), (refused.Name, refused.Data["setting"]));
    }

    [Fact]
    public void Share_ThatTakesTooLong_IsRefused_WithWhatToDo()
    {
        var refused = Assert.Throws<GuardSettingException>(() => Register(("RATE_LIMIT_STANDARD", "1/8000h"), ("RATE_LIMIT_INSTANCES", "2")));

        Assert.Contains("RATE_LIMIT_INSTANCES", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("100/1s", 100, 100)]
    [InlineData(" 100 / 1s / 7 ", 7, 100)]
    [InlineData("6000/60s/500", 500, 100)]
    [InlineData("1/10ms", 1, 100)]
    public void Terms_AreRead(string text, long burst, double perSecond)
    {
        Assert.True(RateText.TryParse(text, out var terms));

        Assert.Equal(burst, terms!.Value.Burst);
        Assert.Equal(perSecond, terms.Value.Count / terms.Value.Period.TotalSeconds, 0.001);
    }

    [Theory]
    [InlineData("off")]
    [InlineData("OFF")]
    public void Off_IsNoLimit(string text)
    {
        Assert.True(RateText.TryParse(text, out var terms));
        Assert.Null(terms);
    }

    [Fact]
    public void Registration_ThatForgetsWhoCalls_IsRefused()
    {
        Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddSharedRateLimits(new ConfigurationBuilder().Build(), "test", limits => limits.AddTier("a", "1/1s")));
        Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddIdempotency(new ConfigurationBuilder().Build(), _ => { }));
    }

    [Fact]
    public async Task UnknownTier_IsAProgrammersError() =>
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using var instance = await Instance.StartAsync(context => context.Response.WriteAsync("ok"));
            await instance.SendAsync("caller", tier: "no-such-tier");
        });

    private static void Register(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
        new ServiceCollection()
            .AddSharedRateLimits(configuration, "test", limits => limits.AddTier("standard", "1/1s").AddTier("very-big", "off").PartitionBy<HeaderScope>())
            .AddIdempotency(configuration, keys => keys.ScopeBy<HeaderScope>());
    }
}
