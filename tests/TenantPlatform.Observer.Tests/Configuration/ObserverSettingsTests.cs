using Microsoft.Extensions.Configuration;
using TenantManager.Contracts.Settings;
using TenantPlatform.Observer.Configuration;

namespace TenantPlatform.Observer.Tests.Configuration;

public sealed class ObserverSettingsTests
{
    private static readonly Dictionary<string, string?> Least = new(StringComparer.Ordinal)
    {
        ["MULTI_TENANT_URL"] = "https://tenant-manager/api",
        ["MULTI_TENANT_SERVICE_NAME"] = "ledger",
        ["MULTI_TENANT_SERVICE_API_KEY"] = "service-key",
        ["MULTI_TENANT_DIAGNOSTICS_KEY"] = "diagnostics-key",
        ["OBSERVER_PODS"] = "https://ledger-1, https://ledger-2:8443",
    };

    [Fact]
    public void Read_TheLeast_TakesTheDefaults()
    {
        var options = Read();

        Assert.Equal(new Uri("https://tenant-manager/api/"), options.Manager);
        Assert.Equal(["ledger-1", "ledger-2:8443"], options.Pods.Select(pod => pod.Name));
        Assert.Equal((10, 1, 0.25, 300), (options.OneIn, options.SweepInterval.TotalSeconds, options.AskInterval.TotalSeconds, options.GiveUp.TotalSeconds));
        Assert.Equal((50, 4), (options.MostChanges, options.MostQuestions));
    }

    [Fact]
    public void Read_EverySetting_IsTaken()
    {
        var options = Read(("OBSERVER_ONE_IN", "1"), ("OBSERVER_SWEEP_SEC", "2"), ("OBSERVER_ASK_SEC", "0.05"), ("OBSERVER_GIVE_UP_SEC", "60"), ("OBSERVER_MOST_CHANGES", "7"), ("OBSERVER_MOST_QUESTIONS", "2"));

        Assert.Equal((1, 2, 0.05, 60), (options.OneIn, options.SweepInterval.TotalSeconds, options.AskInterval.TotalSeconds, options.GiveUp.TotalSeconds));
        Assert.Equal((7, 2), (options.MostChanges, options.MostQuestions));
    }

    [Theory]
    [InlineData("MULTI_TENANT_URL", null)]
    [InlineData("MULTI_TENANT_URL", "http://tenant-manager")]
    [InlineData("MULTI_TENANT_SERVICE_NAME", " ")]
    [InlineData("MULTI_TENANT_SERVICE_NAME", "ledger:x")]
    [InlineData("MULTI_TENANT_SERVICE_API_KEY", null)]
    [InlineData("MULTI_TENANT_DIAGNOSTICS_KEY", null)]
    [InlineData("MULTI_TENANT_DIAGNOSTICS_KEY", "with a space")]
    [InlineData("OBSERVER_PODS", null)]
    [InlineData("OBSERVER_PODS", ",")]
    [InlineData("OBSERVER_PODS", "ledger-1")]
    [InlineData("OBSERVER_PODS", "http://ledger-1")]
    [InlineData("OBSERVER_PODS", "https://ledger-1,https://ledger-1")]
    [InlineData("OBSERVER_PODS", "https://ledger-1,https://valkey")]
    [InlineData("OBSERVER_ONE_IN", "0")]
    [InlineData("OBSERVER_SWEEP_SEC", "0")]
    [InlineData("OBSERVER_ASK_SEC", "often")]
    [InlineData("OBSERVER_GIVE_UP_SEC", "-1")]
    [InlineData("OBSERVER_MOST_CHANGES", "0")]
    [InlineData("OBSERVER_MOST_QUESTIONS", "many")]
    public void Read_MissingOrWrong_NamesTheVariable(string name, string? value)
    {
        var failure = Assert.Throws<InvalidSettingException>(() => Read((name, value)));

        Assert.Equal(name, failure.Name);
    }

    [Fact]
    public void Read_InsecureHttp_NeedsConsent() =>
        Assert.Equal("http", Read(("OBSERVER_PODS", "http://ledger-1"), ("MULTI_TENANT_ALLOW_INSECURE_HTTP", "true")).Pods[0].Address.Scheme);

    [Fact]
    public void Read_ListedPods_AreTheTenantManagers()
    {
        var options = Read(("OBSERVER_PODS", "listed"));

        Assert.True(options.ArePodsListed);
        Assert.Empty(options.Pods);
        Assert.False(Read().ArePodsListed);
    }

    private static ObserverOptions Read(params (string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(Least, StringComparer.Ordinal);
        foreach (var (name, value) in settings)
            all[name] = value;
        return ObserverSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
    }
}
