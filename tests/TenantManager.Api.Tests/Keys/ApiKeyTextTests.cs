using TenantManager.Api.Keys;

namespace TenantManager.Api.Tests.Keys;

/// <summary>The form of a key.</summary>
public sealed class ApiKeyTextTests
{
    [Fact]
    public void B7_NewKeys_AreWellFormed_AndDiffer()
    {
        var id = ApiKeyText.NewId();
        var texts = Enumerable.Range(0, 100).Select(_ => ApiKeyText.New(id)).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(100, texts.Count);
        Assert.All(texts, text => Assert.True(ApiKeyText.IsWellFormed(text)));
    }

    [Fact]
    public void B7_Key_WithAnyCharacterChanged_IsNotWellFormed()
    {
        var text = ApiKeyText.New(ApiKeyText.NewId());

        for (var n = 0; n < text.Length; n++)
            Assert.False(ApiKeyText.IsWellFormed($"{text[..n]}{(text[n] == '0' ? '1' : '0')}{text[(n + 1)..]}"), $"position {n}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("tp_")]
    [InlineData("ã")]
    public void B7_OtherTexts_AreNotWellFormed(string text)
    {
        Assert.False(ApiKeyText.IsWellFormed(text));
        Assert.False(ApiKeyText.IsWellFormed(ApiKeyText.New(ApiKeyText.NewId()).ToUpperInvariant()));
        Assert.False(ApiKeyText.IsWellFormed(ApiKeyText.New(ApiKeyText.NewId()) + text.PadRight(1)));
    }
}
