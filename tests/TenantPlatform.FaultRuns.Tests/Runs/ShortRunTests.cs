using TenantPlatform.CommandLine;
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
        var options = new RunOptions { Seeds = new SeedRange(1, 3), Length = TimeSpan.FromSeconds(8), Tenants = 9, Rate = 60 };

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(20));

        var violations = await new Running.FaultRuns(new Report(Terminal.Plain(written))).RunAsync(options, limit.Token);

        output.WriteLine(written.ToString());
        Assert.True(violations == 0, written.ToString());
    }
}
