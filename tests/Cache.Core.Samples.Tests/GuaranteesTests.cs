namespace Cache.Core.Samples.Tests;

/// <summary>Each guarantee of docs/cache-core/guarantees.md says where it ends, and is proven by tests that there are.</summary>
public sealed class GuaranteesTests
{
    /// <summary>The invariants by which the cache's tests, fault runs and model are named.</summary>
    private static readonly string[] Invariants =
        ["NoResurrection", "RevocationWins", "BoundedDenial", "MonotonicPod", "OneFetch", "CacheNeverFails", "OutageServes"];

    [Fact]
    public void EachInvariant_IsAGuarantee() => Assert.Superset(Invariants.ToHashSet(StringComparer.Ordinal), Guarantees.Sections.Keys.ToHashSet(StringComparer.Ordinal));

    [Fact]
    public void EachGuarantee_IsProvenByTestsThatThereAre() =>
        Assert.Empty(Guarantees.Sections.SelectMany(section => Guarantees.Faults(section.Value).Select(fault => $"{section.Key}: {fault}")));

    [Fact]
    public void EachGuarantee_SaysWhatItDoesNotPromise() =>
        Assert.All(Guarantees.Sections, section => Assert.Contains("**Not promised:**", section.Value, StringComparison.Ordinal));

    [Theory]
    [InlineData("[GuaranteesTests.EachInvariant_IsAGuarantee](../../tests/Cache.Core.Samples.Tests/GuaranteesTests.cs)", 0)]
    [InlineData("No proof.", 1)]
    [InlineData("[GuaranteesTests.Renamed](../../tests/Cache.Core.Samples.Tests/GuaranteesTests.cs)", 1)]
    [InlineData("[OtherTests.EachInvariant_IsAGuarantee](../../tests/Cache.Core.Samples.Tests/GuaranteesTests.cs)", 1)]
    [InlineData("[GuaranteesTests.EachInvariant_IsAGuarantee](../../tests/Cache.Core.Samples.Tests/Moved.cs)", 1)]
    [InlineData("[GuaranteesTests](../../tests/Cache.Core.Samples.Tests/GuaranteesTests.cs)", 1)]
    public void Faults_OfAProof_AreFound(string text, int count) => Assert.Equal(count, Guarantees.Faults(text).Count());
}
