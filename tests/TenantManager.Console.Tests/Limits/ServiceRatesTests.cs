using TenantManager.Console.Pages.Limits;
using TenantManager.Contracts.Pods;

namespace TenantManager.Console.Tests.Limits;

/// <summary>The limits of services, as their pods tell them.</summary>
public sealed class ServiceRatesTests
{
    [Fact]
    public void Limits_OfAService_AreToldOnce_WithWhatAllItsPodsHaveDecided()
    {
        var services = ServiceRates.Of([Pod("ledger", 1000, 10, 1), Pod("crm", 100, 5, 0), Pod("ledger", 1000, 20, 2), Pod("gateway")]);

        Assert.Equal(["crm", "ledger"], services.Select(service => service.Service));
        Assert.Equal((2, 0), (services[1].Pods, services[1].Off));
        Assert.Equal(new RateTierReport("standard", "RATE_LIMIT_STANDARD", 1000, 1, 5000, 30, 3), Assert.Single(services[1].Tiers));
        Assert.Equal(100, Assert.Single(services[0].Tiers).Count);
    }

    [Fact]
    public void Limits_ThatPodsHaveSetDifferently_AreToldApart()
    {
        var service = Assert.Single(ServiceRates.Of([Pod("ledger", 1000, 10, 1), Pod("ledger", 500, 20, 2, instances: 4, isEnabled: false)]));

        Assert.Equal([(500L, 20L), (1000L, 10L)], service.Tiers.Select(tier => (tier.Count!.Value, tier.Allowed)));
        Assert.Equal([2, 4], service.Instances);
        Assert.Equal((2, 1), (service.Pods, service.Off));
    }

    private static PodReport Pod(string service) => new() { Service = service, Instance = Guid.NewGuid().ToString() };

    private static PodReport Pod(string service, long count, long allowed, long refused, int instances = 2, bool isEnabled = true) => Pod(service) with
    {
        Rates = new RateReport { IsEnabled = isEnabled, Instances = instances, Tiers = [new RateTierReport("standard", "RATE_LIMIT_STANDARD", count, 1, 5000, allowed, refused)] },
    };
}
