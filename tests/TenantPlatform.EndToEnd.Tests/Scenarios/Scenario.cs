using System.Diagnostics;
using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>What every scenario has: the platform, a deadline and a place for its evidence.</summary>
[Collection(PlatformCollection.Name)]
public abstract class Scenario(PlatformFixture platform, ITestOutputHelper output) : IDisposable
{
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(5));

    protected PlatformFixture Platform { get; } = platform;

    /// <summary>Ends every wait of the scenario when it takes too long.</summary>
    protected CancellationToken Deadline => _deadline.Token;

    protected void Evidence(string text) => output.WriteLine(text);

    /// <summary>Asks until the answer is as expected; returns how long that took.</summary>
    protected async Task<TimeSpan> UntilAsync(string what, Func<Task<bool>> condition, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(clock.Elapsed < limit, $"Not within {limit.TotalSeconds:0.#} s: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(2), Deadline);
        }

        return clock.Elapsed;
    }

    public void Dispose()
    {
        _deadline.Dispose();
        GC.SuppressFinalize(this);
    }
}
