using TenantPlatform.FaultRuns.Reporting;
using TenantPlatform.FaultRuns.Running;
using Xunit.Abstractions;

namespace TenantPlatform.FaultRuns.Tests.Runs;

/// <summary>A few seconds of what the long runs do for minutes, on the real platform.</summary>
public sealed class ShortRunTests(ITestOutputHelper output)
{
    [Fact]
    public async Task ThreeSeeds_OnTheRealPlatform_BreakNoInvariant()
    {
        await using var written = new StringWriter();
        var options = new RunOptions { FirstSeed = 1, LastSeed = 3, Length = TimeSpan.FromSeconds(8), Tenants = 9, Rate = 60 };

        var violations = await new Running.FaultRuns(new Report(written)).RunAsync(options);

        output.WriteLine(written.ToString());
        Assert.True(violations == 0, written.ToString());
    }
}
