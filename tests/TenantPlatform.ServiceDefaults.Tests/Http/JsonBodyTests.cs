using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TenantPlatform.ServiceDefaults.Http;

namespace TenantPlatform.ServiceDefaults.Tests.Http;

/// <summary>A body is read as a whole, or refused: nothing in it waits to break who reads it later.</summary>
public sealed class JsonBodyTests
{
    private static readonly byte[] NoUtf8 = [.. "{\"free\":{\"a\":\""u8, 0xB5, .. "\"}}"u8];

    [Fact]
    public async Task Body_ThatIsNotUtf8_IsRefused() =>
        await Assert.ThrowsAsync<UnreadableBodyException>(() => ReadAsync(NoUtf8));

    [Fact]
    public async Task Body_ThatIs_IsRead() =>
        Assert.Equal("µ", (await ReadAsync("{\"free\":{\"a\":\"µ\"}}"u8.ToArray())).Free!["a"].GetString());

    private static Task<Body> ReadAsync(byte[] body)
    {
        var request = new DefaultHttpContext().Request;
        request.ContentType = "application/json";
        request.Body = new MemoryStream(body);
        return JsonBody.ReadAsync<Body>(request);
    }

    private sealed record Body(IReadOnlyDictionary<string, JsonElement>? Free = null);
}
