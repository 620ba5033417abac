using Crm.Api.Encryption;
using TenantManager.Contracts.Settings;

namespace Crm.Api.Tests;

/// <summary>A list of master keys that cannot be used stops the service, and says why without a key.</summary>
public sealed class MasterKeysTests
{
    private const string Key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    [Theory]
    [InlineData(null, "is not set")]
    [InlineData(" , ", "is not set")]
    [InlineData(Key, "entry 1")]
    [InlineData("a b:" + Key, "entry 1")]
    [InlineData("a:" + Key + ",b:c2hvcnQ=", "entry 2")]
    [InlineData("a:" + Key + ",a:" + Key, "twice")]
    public void BadList_IsRefused(string? text, string problem)
    {
        var refusal = Assert.Throws<InvalidSettingException>(() => MasterKeys.Parse(text));

        Assert.StartsWith("CRM_ENCRYPTION_KEYS ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("AAAA", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2hvcnQ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FirstKeyIsUsed_OthersAreRead()
    {
        var keys = MasterKeys.Parse($"new:{Key},old:{Key}");

        Assert.Equal(("new", true), (keys.CurrentId, keys.AreRotating));
        Assert.True(keys.TryDerive("old", "x", out _));
        Assert.False(keys.TryDerive("older", "x", out _));
        Assert.False(MasterKeys.Parse($"new:{Key}").AreRotating);
    }
}
