using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>A setting of the AppHost that is wrong is named, with what it takes; nothing starts.</summary>
public sealed class SettingsRefused
{
    [Theory]
    [InlineData("Parameters:ledger-pods", "many", "a number from 0 to 50")]
    [InlineData("Parameters:ledger-pods", "-1", "a number from 0 to 50")]
    [InlineData("Parameters:ledger-spare-pods", "51", "a number from 0 to 50")]
    [InlineData("Parameters:crm-pods", "two", "a number from 0 to 50")]
    [InlineData("Parameters:valkey-topology", "sentinel", "'single', 'cluster' or 'ring'")]
    [InlineData("Data:Keep", "perhaps", "'true' or 'false'")]
    public async Task WrongSetting_IsNamed(string name, string value, string takes)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => DistributedApplicationTestingBuilder.CreateAsync<Projects.TenantPlatform_AppHost>([$"--{name}={value}"], limit.Token));

        Assert.Equal($"{name} is '{value}': it takes {takes}.", failure.Message);
    }
}
