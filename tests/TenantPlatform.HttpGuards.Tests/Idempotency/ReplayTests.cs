using System.Text;
using Microsoft.AspNetCore.Http;
using TenantPlatform.HttpGuards.Tests.Hosting;

namespace TenantPlatform.HttpGuards.Tests.Idempotency;

/// <summary>B7: what an idempotency key covers, and what it answers again.</summary>
[Collection(GuardCollection.Name)]
public sealed class ReplayTests : IdempotencyScene
{
    [Fact]
    public async Task SameRequest_IsAnsweredByteForByte_AndHandledOnce()
    {
        var instance = await StartAsync(async context =>
        {
            context.Response.StatusCode = 201;
            context.Response.ContentType = "application/vnd.thing+json";
            context.Response.Headers.Location = "/things/7";
            context.Response.Headers.ETag = "\"7\"";
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers["X-Other"] = "of this time only";
            await context.Response.Body.WriteAsync(new byte[] { 0, 255, 13, 10, 200 });
            await context.Response.WriteAsync(" ü");
        });

        var first = await instance.SendAsync("a", "key");
        var second = await instance.SendAsync("a", "key");

        Assert.Equal((201, false), (first.Status, first.IsReplayed));
        Assert.Equal((201, true, 1), (second.Status, second.IsReplayed, Handled));
        Assert.Equal([0, 255, 13, 10, 200, .. " ü"u8], second.Bytes);
        Assert.Equal(first.Bytes, second.Bytes);
        foreach (var header in new[] { "Content-Type", "Content-Length", "Location", "ETag", "Cache-Control" })
            Assert.Equal(first.Headers[header], second.Headers[header]);
        Assert.DoesNotContain("X-Other", second.Headers.Keys);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task MethodsThatChangeSomething_AreCovered_WithoutABodyToo(string method)
    {
        var instance = await StartAsync(context =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });

        await instance.SendAsync("a", "key", body: null, method: new HttpMethod(method));
        var second = await instance.SendAsync("a", "key", body: null, method: new HttpMethod(method));

        Assert.Equal((204, true, 1), (second.Status, second.IsReplayed, Handled));
    }

    [Fact]
    public async Task Get_AndNoKey_AndNoCaller_AreNotCovered()
    {
        var instance = await StartAsync();

        await instance.SendAsync("a", "key", body: null, method: HttpMethod.Get);
        await instance.SendAsync("a", "key", body: null, method: HttpMethod.Get);
        await instance.SendAsync("a");
        await instance.SendAsync("a");
        await instance.SendAsync("a", string.Empty);

        Assert.Equal(5, Handled);
        Assert.Empty(await Valkey.ScanAsync("idempotency:*").ToListAsync());
    }

    [Fact]
    public async Task StandardHeader_IsTheSameKey_AndTwoThatDiffer_AreRefused()
    {
        var instance = await StartAsync();

        await instance.SendAsync("a", "key");
        var standard = await instance.SendAsync("a", headers: [("Idempotency-Key", "key")]);
        var both = await instance.SendAsync("a", "key", headers: [("Idempotency-Key", "key")]);
        var differing = await instance.SendAsync("a", "key", headers: [("Idempotency-Key", "other")]);

        Assert.True(standard.IsReplayed && both.IsReplayed);
        Assert.Equal((400, "INVALID_IDEMPOTENCY_KEY", 1), (differing.Status, differing.Code, Handled));
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("tab\there")]
    public async Task OddKey_IsRefused(string key) => await RefusedAsync(key);

    [Fact]
    public async Task LongKey_IsRefused_AndTheLongestIsNot()
    {
        await RefusedAsync(new string('k', 257));
        Assert.Equal(200, (await Instances[0].SendAsync("a", new string('k', 256))).Status);
        Assert.True((await Instances[0].SendAsync("a", new string('k', 256))).IsReplayed);
    }

    [Fact]
    public async Task Callers_HaveTheirOwnKeys()
    {
        var instance = await StartAsync();

        await instance.SendAsync("a", "key");
        Assert.False((await instance.SendAsync("b", "key")).IsReplayed);

        // Not even one who sends what stands for the hash of another's.
        var odd = new string('x', 100);
        await instance.SendAsync(odd, "key");
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(odd)));
        Assert.False((await instance.SendAsync($"sha256-{hash}", "key")).IsReplayed);
        Assert.Equal(4, Handled);
    }

    /// <summary>Formatting of JSON does not count; everything else does.</summary>
    [Theory]
    [InlineData("""{"a":"1.50","b":[1,2]}""", """ { "b" : [1, 2],  "a" : "1.50" } """, true)]
    [InlineData("""{"a":"ü"}""", """{"a":"\u00fc"}""", true)]
    [InlineData("""{"a":1}""", """{"a":1.0}""", false)]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""", false)]
    [InlineData("""{"a":1}""", """{"a":"1"}""", false)]
    [InlineData("""{"a":1}""", """{"a":1,"b":null}""", false)]
    [InlineData("""{"a":1,"a":2}""", """{"a":2,"a":1}""", false)]
    [InlineData("no json", "no  json", false)]
    [InlineData("no json", "no json", true)]
    [InlineData("""{"a":"\ud800"}""", """{"a":"\ud800"}""", true)]
    public async Task Fingerprint_OfTheBody(string first, string second, bool isSame)
    {
        var instance = await StartAsync();

        Assert.Equal(200, (await instance.SendAsync("a", "key", first)).Status);
        var answer = await instance.SendAsync("a", "key", second);

        if (isSame)
            Assert.True(answer.IsReplayed);
        else
            Assert.Equal((422, "IDEMPOTENCY_KEY_REUSED"), (answer.Status, answer.Code));
        Assert.Equal(1, Handled);
    }

    [Fact]
    public async Task Fingerprint_OfMethodPathQueryAndKindOfBody()
    {
        var instance = await StartAsync();
        await instance.SendAsync("a", "key", """{"n": 1}""");

        Assert.Equal(422, (await instance.SendAsync("a", "key", """{"n": 1}""", HttpMethod.Put)).Status);
        Assert.Equal(422, (await instance.SendAsync("a", "key", """{"n": 1}""", path: "/others")).Status);
        Assert.Equal(422, (await instance.SendAsync("a", "key", """{"n": 1}""", path: "/things?x=1")).Status);
        Assert.Equal(422, (await instance.SendAsync("a", "key", """{"n": 1}""", contentType: "text/plain")).Status);
        Assert.True((await instance.SendAsync("a", "key", """{"n":1}""")).IsReplayed);
    }

    [Fact]
    public async Task Retention_Ends()
    {
        var instance = await StartAsync(settings: ("IDEMPOTENCY_RETENTION_SEC", "300"));
        await instance.SendAsync("a", "key");
        Time.Advance(TimeSpan.FromSeconds(299));
        Assert.True((await instance.SendAsync("a", "key")).IsReplayed);
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.False((await instance.SendAsync("a", "key")).IsReplayed);
    }

    [Fact]
    public async Task SwitchedOff_KeysAreNotLookedAt()
    {
        var instance = await StartAsync(settings: ("IDEMPOTENCY_ENABLED", "false"));
        await instance.SendAsync("a", "key");
        await instance.SendAsync("a", "key");

        Assert.Equal(2, Handled);
    }

    private async Task RefusedAsync(string key)
    {
        var instance = await StartAsync();

        var refused = await instance.SendAsync("a", key);

        Assert.Equal((400, "INVALID_IDEMPOTENCY_KEY", 0), (refused.Status, refused.Code, Handled));
    }
}
