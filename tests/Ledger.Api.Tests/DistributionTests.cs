using System.Text.Json;
using Ledger.Api.Amounts;
using Ledger.Api.Transactions;
using TenantPlatform.ServiceKit.Errors;

namespace Ledger.Api.Tests;

/// <summary>Amounts are decided exactly: every side adds up to the value, to the last decimal.</summary>
public sealed class DistributionTests
{
    private static readonly JsonElement Yes = JsonSerializer.SerializeToElement(true);

    [Fact]
    public void Shares_AreExact_AndWhatTheyCutOffGoesToTheRemaining()
    {
        var legs = Distribution.Resolve([Share("@a", 33.333333m), Share("@b", 33.333333m), Remaining("@c")], 100.01m);

        Assert.Equal([33.3366663333m, 33.3366663333m, 33.3366673334m], legs.Select(leg => leg.Amount));
    }

    [Fact]
    public void ShareOfAShare_IsTaken() =>
        Assert.Equal([5m, 95m], Distribution.Resolve([new LegBody("@a", Share: new ShareBody(10, 50)), Remaining("@b")], 100).Select(leg => leg.Amount));

    [Fact]
    public void AnySharesWithARemaining_AddUpExactly()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 5000; round++)
        {
            var value = decimal.Round((decimal)(random.NextDouble() * Math.Pow(10, random.Next(-3, 10))), random.Next(0, 19)) + 0.000000000000000001m;
            if (value >= Amount.Limit)
                continue;
            var shares = Enumerable.Range(0, random.Next(1, 6)).Select(n => Share($"@{n}", decimal.Round((decimal)(random.NextDouble() * 19) + 0.01m, random.Next(2, 9)))).ToArray();
            IReadOnlyList<Leg> legs;
            try
            {
                legs = Distribution.Resolve([.. shares, Remaining("@rest")], value);
            }
            catch (ApiException refusal)
            {
                Assert.Equal("0073", refusal.Error.Code); // a share too small to be an amount
                continue;
            }

            Assert.True(legs.Sum(leg => leg.Amount) == value, $"Seed {seed}, round {round}: {legs.Sum(leg => leg.Amount)} is not {value}.");
            Assert.All(legs, leg => Assert.True(leg.Amount > 0));
        }
    }

    [Theory]
    [InlineData("60", "30")]
    [InlineData("60", "50")]
    public void AmountsThatDoNotAddUp_AreRefused(string first, string second)
    {
        var refusal = Assert.Throws<ApiException>(() => Distribution.Resolve([Fixed("@a", first), Fixed("@b", second)], 100));

        Assert.Equal((422, "0073"), (refusal.Status, refusal.Error.Code));
    }

    [Fact]
    public void Remaining_OfNothing_IsRefused() =>
        Assert.Equal("0073", Assert.Throws<ApiException>(() => Distribution.Resolve([Fixed("@a", "100"), Remaining("@b")], 100)).Error.Code);

    [Theory]
    [InlineData("0.000000000000000001", true)]
    [InlineData("9999999999.999999999999999999", true)]
    [InlineData("-5", true)]
    [InlineData("0.0000000000000000001", false)]
    [InlineData("10000000000", false)]
    [InlineData("1e3", false)]
    [InlineData("NaN", false)]
    [InlineData("1,000", false)]
    [InlineData(" 1", false)]
    [InlineData(".5", false)]
    [InlineData("5.", false)]
    [InlineData("", false)]
    [InlineData("0x10", false)]
    [InlineData("10\0", false)]
    public void Amounts_AreReadExactlyOrNotAtAll(string text, bool isAmount)
    {
        Assert.Equal(isAmount, Amount.TryParse(text, out var amount));
        if (isAmount)
            Assert.Equal(text, Amount.Format(amount));
    }

    private static LegBody Fixed(string alias, string value) => new(alias, new AmountBody("BRL", decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture)));

    private static LegBody Share(string alias, decimal percentage) => new(alias, Share: new ShareBody(percentage));

    private static LegBody Remaining(string alias) => new(alias, Remaining: Yes);
}
