using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using TenantManager.Client.Diagnostics;

namespace TenantManager.Client.Tests.Configuration;

/// <summary>The switches that break the library on purpose.</summary>
public sealed class MutantTests
{
    [Fact]
    public void Read_InDevelopment_SwitchesTheNamedMutantOnly()
    {
        Assert.True(Read("no-revalidation", Environments.Development).IsWithoutRevalidation);
        Assert.False(Read("no-revalidation", Environments.Development).IsDenialAFailure);
        Assert.True(Read("ignore-denial", Environments.Development).IsDenialAFailure);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no-fence")]
    public void Read_WithoutAMutantOfThisLibrary_BreaksNothing(string? name)
    {
        var mutant = Read(name, Environments.Development);
        Assert.False(mutant.IsWithoutRevalidation || mutant.IsDenialAFailure);
    }

    [Fact]
    public void Read_OutsideDevelopment_BreaksNothing()
    {
        var mutant = Read("no-revalidation", Environments.Production);
        Assert.False(mutant.IsWithoutRevalidation || mutant.IsDenialAFailure);
    }

    private static Mutant Read(string? name, string environment) => Mutant.Read(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["CACHE_MUTANT"] = name }).Build(),
        new HostingEnvironment { EnvironmentName = environment });
}
