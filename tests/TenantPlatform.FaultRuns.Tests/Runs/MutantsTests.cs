using System.Reflection;
using System.Text.RegularExpressions;
using Cache.Core;
using TenantPlatform.FaultRuns.Protocol;
using TenantPlatform.FaultRuns.Running;

namespace TenantPlatform.FaultRuns.Tests.Runs;

/// <summary>The builds that are broken on purpose.</summary>
public sealed partial class MutantsTests
{
    /// <summary>What Cache.Core/Mutant.cs switches, in the spelling of its names.</summary>
    private static IEnumerable<string> OfTheCache => typeof(IConfigCache).Assembly.GetType("Cache.Core.Mutant", throwOnError: true)!
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(name => WordStart().Replace(name.Name, "-$0").ToLowerInvariant());

    [Fact]
    public void Names_OfTheCache_AreAllThatItHas() =>
        Assert.Equal(OfTheCache.Order(StringComparer.Ordinal), Mutants.Names.Where(Mutants.NeedsItsOwnBuild).Order(StringComparer.Ordinal));

    [Fact]
    public void Faults_OfEveryMutant_Exist() => Assert.All(Mutants.Names, name => Assert.NotEmpty(Mutants.Faults(name)));

    [Fact]
    public void Profiles_OfEveryMutantOfTheCache_AreOne() =>
        Assert.All(Mutants.Names.Where(Mutants.NeedsItsOwnBuild), name => Assert.Single(Mutants.Profiles(name)));

    [Fact]
    public void Profiles_WithoutAMutant_AreAll() => Assert.Equal(ProtocolProfile.All, Mutants.Profiles(mutant: null));

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WordStart();
}
