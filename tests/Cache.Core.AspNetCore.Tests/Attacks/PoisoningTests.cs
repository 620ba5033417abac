using Cache.Core.AspNetCore.Selecting;
using Cache.Core.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cache.Core.AspNetCore.Tests.Attacks;

/// <summary>
/// Web cache poisoning, by the names of the published attacks: "Practical Web Cache Poisoning" (Kettle, 2018), "Web Cache Entanglement"
/// (Kettle, 2020), "Your Cache Has Fallen: Cache-Poisoned Denial-of-Service" (Nguyen and others, 2019). The attacker asks first; the victim,
/// who asks as everybody does, must not be given what the attacker has brought about.
/// </summary>
public sealed class PoisoningTests
{
    /// <summary>Hidden method and route override: the origin answers another request than the one it is asked.</summary>
    [Theory]
    [InlineData("X-HTTP-Method-Override", "DELETE")]
    [InlineData("X-HTTP-Method", "DELETE")]
    [InlineData("X-Method-Override", "DELETE")]
    [InlineData("X-Original-URL", "/admin")]
    [InlineData("X-Rewrite-URL", "/admin")]
    public async Task RouteOverride_IsNotStored(string name, string value)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = (context, _) => Origin.Text(context, context.Request.Headers.ContainsKey(name) ? "poison" : "good", ("Cache-Control", "max-age=60"));
        Assert.Equal(("poison", "BYPASS"), await cache.GetAsync("/a", (name, value)) is var attack ? (attack.Body, attack.XCache) : default);
        Assert.Equal("good", (await cache.GetAsync()).Body);
    }

    /// <summary>Fat GET: the body overrides what the address says, and is in no key.</summary>
    [Fact]
    public async Task FatGet_IsNotStored()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = static async (context, _) =>
            await Origin.Text(context, (await new StreamReader(context.Request.Body).ReadToEndAsync()).Length > 0 ? "poison" : "good", ("Cache-Control", "max-age=60"));
        using HttpRequestMessage fat = new(HttpMethod.Get, "/a") { Content = new StringContent("callback=alert") };
        var attack = await Answer.ReadAsync(await cache.Client.SendAsync(fat));
        Assert.Equal(("poison", "BYPASS"), (attack.Body, attack.XCache));
        Assert.Equal("good", (await cache.GetAsync()).Body);
    }

    /// <summary>Parameter cloaking, unkeyed queries and their order: no part of the address is left out of the key, and none is brought into another form.</summary>
    [Theory]
    [InlineData("/a?callback=good&utm_content=x;callback=alert", "/a?callback=good&utm_content=x")]
    [InlineData("/a?callback=good&_=1&callback=alert", "/a?callback=good&_=1")]
    [InlineData("/a?utm_content=alert", "/a")]
    [InlineData("/a?b=1&c=2", "/a?c=2&b=1")]
    [InlineData("/a?b=%26c", "/a?b=&c")]
    public async Task ParameterCloaking_IsAnotherAddress(string attack, string victim)
    {
        await using var cache = await CacheHost.StartAsync();
        await cache.GetAsync(attack);
        Assert.Equal("2", (await cache.GetAsync(victim)).Body);
    }

    /// <summary>An encoded percent sign: decoded, one of them reads as the other, and the origin is sent both as they are.</summary>
    [Fact]
    public void EncodedPercentSign_IsKeyedAsItIsSent()
    {
        Assert.Equal("r:|http://one.example/a%2Fb", KeyOf("/a%2Fb?x"));
        Assert.Equal("r:|http://one.example/a%252Fb", KeyOf("/a%252Fb?x"));

        static string? KeyOf(string sent)
        {
            DefaultHttpContext context = new();
            (context.Request.Scheme, context.Request.Host, context.Request.Path) = ("http", new HostString("one.example"), new PathString("/a%2Fb"));
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = sent;
            return CacheKey.Of(context.Request, partition: null);
        }
    }

    /// <summary>Unkeyed port: a redirect that echoes it sends everybody to a port where nobody answers.</summary>
    [Fact]
    public async Task UnkeyedPort_IsKeyed()
    {
        await using var cache = await CacheHost.StartAsync();
        await cache.GetAsync("/a", ("Host", "one.example:1337"));
        Assert.Equal("2", (await cache.GetAsync("/a", ("Host", "one.example"))).Body);
    }

    /// <summary>Cache key injection: what joins the key's parts must not be brought along by one of them.</summary>
    [Theory]
    [InlineData("one.example/a")]
    [InlineData("one.example?x")]
    [InlineData("one.example#x")]
    [InlineData("two.example@one.example")]
    [InlineData("t|http://one.example")]
    public async Task CacheKeyInjection_ByTheHost_HasNoKey(string host)
    {
        await using var cache = await CacheHost.StartAsync();
        Assert.Equal("BYPASS", (await cache.GetAsync("/b", ("Host", host))).XCache);
    }

    [Fact]
    public async Task CacheKeyInjection_ByThePartition_HasNoKey()
    {
        await using var cache = await CacheHost.StartAsync(static options => options.PartitionOf = static context => context.Request.Headers["X-Tenant"]);
        Assert.Equal("BYPASS", (await cache.GetAsync("/a", ("X-Tenant", "one|http://two"))).XCache);
        await cache.GetAsync("/a", ("X-Tenant", "one"));
        Assert.Equal("3", (await cache.GetAsync("/a", ("X-Tenant", "two"))).Body);
        Assert.Equal("4", (await cache.GetAsync())!.Body);
    }

    /// <summary>X-Forwarded-Scheme and its like make redirects of one scheme answers of the other, unless the key tells them apart.</summary>
    [Fact]
    public async Task Scheme_IsKeyed()
    {
        await using var cache = await CacheHost.StartAsync();
        await cache.GetAsync("http://one.example/a");
        Assert.Equal("2", (await cache.GetAsync("https://one.example/a")).Body);
    }

    /// <summary>Hop-by-hop header abuse: a field that <c>Connection</c> names is dropped on the way, and the answer is one to a request without it.</summary>
    [Fact]
    public async Task HopByHop_AFieldThatIsDroppedOnTheWay_IsNoVariants()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = static (context, _) => Origin.Text(
            context, context.Request.Headers.Connection.ToString().Contains("X-Form", StringComparison.Ordinal) ? "poison" : "good", ("Cache-Control", "max-age=60"), ("Vary", "X-Form"));
        Assert.Equal("BYPASS", (await cache.GetAsync("/a", ("X-Form", "1"), ("Connection", "close, X-Form"))).XCache);
        Assert.Equal("good", (await cache.GetAsync("/a", ("X-Form", "1"))).Body);
    }

    /// <summary>CPDoS by an oversized header (HHO): the origin's refusal, although it says to be fresh, is the attacker's alone.</summary>
    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(500)]
    [InlineData(502)]
    public async Task Cpdos_HttpHeaderOversize_TheErrorIsNotStored(int status)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = Refusing(status, static headers => headers["X-Oversized"].ToString().Length > 1000);
        Assert.Equal(status, (await cache.GetAsync("/a", ("X-Oversized", new string('x', 9000)))).Status);
        Assert.Equal((200, "good"), await cache.GetAsync() is var victim ? (victim.Status, victim.Body) : default);
    }

    /// <summary>CPDoS by meta characters (HMC).</summary>
    [Theory]
    [InlineData("\a")]
    [InlineData("\u00ff")]
    [InlineData("\u007f")]
    public async Task Cpdos_HttpMetaCharacter_TheErrorIsNotStored(string meta)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = Refusing(400, headers => headers["X-Meta"].ToString().Contains(meta, StringComparison.Ordinal));
        Assert.Equal(400, (await cache.GetAsync("/a", ("X-Meta", $"a{meta}b"))).Status);
        Assert.Equal("good", (await cache.GetAsync()).Body);
    }

    /// <summary>CPDoS by what only one request can be guilty of: size, expectation, connection, conditions, rate.</summary>
    [Theory]
    [InlineData(408)]
    [InlineData(411)]
    [InlineData(412)]
    [InlineData(413)]
    [InlineData(417)]
    [InlineData(421)]
    [InlineData(426)]
    [InlineData(429)]
    [InlineData(431)]
    [InlineData(494)]
    public async Task Cpdos_AnErrorOfTheRequestsOwn_IsNotStored(int status)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = Refusing(status, static headers => headers.ContainsKey("X-Attack"));
        Assert.Equal(status, (await cache.GetAsync("/a", ("X-Attack", "1"))).Status);
        Assert.Equal("good", (await cache.GetAsync()).Body);
    }

    /// <summary>RFC 9111, section 3: an error with a lifetime is stored, where nothing odd was asked.</summary>
    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    public async Task Section3_AnErrorToAnOrdinaryRequest_IsStored(int status)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = Refusing(status, static _ => true);
        await cache.GetAsync();
        Assert.Equal((status, "HIT"), await cache.GetAsync() is var hit ? (hit.Status, hit.XCache) : default);
    }

    private static Func<HttpContext, int, Task> Refusing(int status, Func<IHeaderDictionary, bool> isRefused) => (context, _) =>
    {
        if (!isRefused(context.Request.Headers))
            return Origin.Text(context, "good", ("Cache-Control", "max-age=60"));
        context.Response.StatusCode = status;
        return Origin.Text(context, "refused", ("Cache-Control", "max-age=60"));
    };
}
