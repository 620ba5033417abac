using TenantManager.Client.Diagnostics;

namespace TenantManager.Client.Tests.Diagnostics;

/// <summary>What gauges show of objects that come and go.</summary>
public sealed class ShownTests
{
    [Fact]
    public void Now_IsWhatIsKept_AsItIsAtThatMoment()
    {
        var shown = new Shown<int>();
        int? known = null;
        using var one = shown.Add(() => known);
        Assert.Empty(shown.Now);

        known = 3;
        using (shown.Add(() => 5))
            Assert.Equal([3, 5], shown.Now.Order());
        Assert.Equal([3], shown.Now);
    }
}
