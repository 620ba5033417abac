using FsCheck;
using FsCheck.Fluent;

namespace TenantManager.Contracts.Tests;

public sealed class TenantIdTests
{
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("acme-1_b")]
    [InlineData("Acme")]
    [InlineData("0x123456-1234-1234-1234-123456789012")]
    public void TryParse_AlphabetIsKept_SpellingStays(string text)
    {
        Assert.True(TenantId.TryParse(text, out var id));
        Assert.Equal(text, id.Value);
        Assert.Equal(text, id.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-a")]
    [InlineData("_a")]
    [InlineData("a:b")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("a\0")]
    [InlineData("\0")]
    [InlineData("a\n")]
    [InlineData("é")]
    [InlineData("aé")]
    [InlineData("a\u0661")]
    [InlineData("a%2e")]
    [InlineData("urn:uuid:3f2504e0-4f89-11d3-9a0c-0305e82c3301")]
    [InlineData("{3f2504e0-4f89-11d3-9a0c-0305e82c3301}")]
    [InlineData("(3f2504e0-4f89-11d3-9a0c-0305e82c3301)")]
    public void TryParse_OutsideTheAlphabet_IsRefused(string? text)
    {
        Assert.False(TenantId.TryParse(text, out var id));
        Assert.Equal(default, id);
        Assert.Equal(string.Empty, id.Value);
    }

    [Fact]
    public void Parse_InvalidText_IsNotRepeatedInTheMessage()
    {
        var failure = Assert.Throws<FormatException>(() => TenantId.Parse("drop/table"));
        Assert.DoesNotContain("drop", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    [InlineData(300, false)]
    public void TryParse_Length_IsBounded(int length, bool accepted) =>
        Assert.Equal(accepted, TenantId.TryParse(new string('a', length), out _));

    [Theory]
    [InlineData("3f2504e0-4f89-11d3-9a0c-0305e82c3301")]
    [InlineData("3F2504E0-4F89-11D3-9A0C-0305E82C3301")]
    [InlineData("3F2504E04F8911D39A0C0305E82C3301")]
    [InlineData("3f2504e04f8911d39a0c0305e82c3301")]
    public void TryParse_Uuid_HasOneCanonicalForm(string text) =>
        Assert.Equal("3f2504e04f8911d39a0c0305e82c3301", TenantId.Parse(text).Value);

    [Theory]
    [InlineData("3f2504e0-4f89-11d3-9a0c-0305e82c330")]
    [InlineData("3f2504e04f89-11d3-9a0c-0305e82c3301-")]
    [InlineData("3f2504e04f8911d39a0c0305e82c330G")]
    public void TryParse_AlmostAUuid_KeepsItsSpelling(string text) => Assert.Equal(text, TenantId.Parse(text).Value);

    [Fact]
    public void TryParse_Canonical_IsAFixedPoint()
    {
        var texts = Gen.Elements((Letters + "_-").ToCharArray()).ArrayOf().Select(chars => "a" + new string(chars));
        Prop.ForAll(
            Arb.From(texts),
            text => !TenantId.TryParse(text, out var id) || (TenantId.TryParse(id.Value, out var again) && again == id && again.Value == id.Value))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void TryParse_AnyUuid_DashedOrNotOrUpper_IsOneTenant() =>
        Prop.ForAll<Guid>(uuid =>
            TenantId.Parse(uuid.ToString("D")) == TenantId.Parse(uuid.ToString("N"))
            && TenantId.Parse(uuid.ToString("D").ToUpperInvariant()).Value == uuid.ToString("N")).QuickCheckThrowOnFailure();

    [Fact]
    public void TryParse_AnyText_AcceptsExactlyTheAlphabet() =>
        Prop.ForAll<string?>(text =>
        {
            var expected = text is { Length: >= 1 and <= 256 }
                && Letters.Contains(text[0], StringComparison.Ordinal)
                && text.All(c => Letters.Contains(c, StringComparison.Ordinal) || c is '_' or '-');
            return TenantId.TryParse(text, out _) == expected;
        }).QuickCheckThrowOnFailure();
}
