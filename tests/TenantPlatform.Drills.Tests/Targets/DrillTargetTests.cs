using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Drills.Tests.Targets;

/// <summary>What a resource runs as, from what it shows.</summary>
public sealed class DrillTargetTests
{
    [Fact]
    public void AProcess_IsTheOneShown() => Assert.Equal("process 2147483000", DrillTarget.Of(Snapshot(("executable.pid", 2147483000)))?.ToString());

    [Fact]
    public void AContainer_IsTheOneShown_AlsoBesideAProcess() =>
        Assert.Equal("container 0123456789ab", DrillTarget.Of(Snapshot(("executable.pid", 42), ("container.id", "0123456789abcdef")))?.ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("x")]
    public void NothingThatRuns_OrThatMustNotBeHit_IsNone(string? pid) => Assert.Null(DrillTarget.Of(Snapshot(("executable.pid", pid))));

    private static CustomResourceSnapshot Snapshot(params (string Name, object? Value)[] properties) => new()
    {
        ResourceType = "Project",
        Properties = [.. properties.Select(property => new ResourcePropertySnapshot(property.Name, property.Value)).ToImmutableArray()],
    };
}
