using Gateway.Tests.Hosting;

namespace Gateway.Tests.Proxying;

/// <summary>A route that takes a prefix off paths gives it back in what the origin says about where things are.</summary>
public sealed class LocationTests
{
    [Theory]
    [InlineData("/v1/things/1", "/ledger/v1/things/1")]
    [InlineData("{origin}v1/things/1?x=%2F#y", "/ledger/v1/things/1?x=%2F#y")]
    [InlineData("things/1", "things/1")]
    [InlineData("//other.example/v1", "//other.example/v1")]
    [InlineData("/\\other.example/v1", "/\\other.example/v1")]
    [InlineData("http://other.example/v1", "http://other.example/v1")]
    [InlineData("mailto:somebody@example.com", "mailto:somebody@example.com")]
    public async Task Rfc9110_10_2_2_Location_OfTheSameOrigin_HasThePrefix(string said, string told)
    {
        await using var origin = await Origin.StartAsync();
        var location = said.Replace("{origin}", origin.Address.ToString(), StringComparison.Ordinal);
        origin.Says(("Location", location), ("Content-Location", location));
        await using var gateway = new GatewayHost([.. Route(origin)]);
        using var answer = await gateway.Client.PostAsync(new Uri("/ledger/v1/things", UriKind.Relative), content: null);
        Assert.Equal((told, told), (Field(answer, "Location"), Field(answer, "Content-Location")));
    }

    [Theory]
    [InlineData("Location", "/v1/things/1")]
    [InlineData("Content-Location", "/v1/things/1")]
    [InlineData("Location", "{origin}v1/things/1")]
    public async Task Rfc9111_4_4_WhatItNames_IsInvalidated_UnderTheAddressItIsAskedBy(string name, string said)
    {
        await using var origin = await Origin.StartAsync();
        await using var gateway = new GatewayHost([.. Route(origin)]);
        var first = await gateway.GetAsync("/ledger/v1/things/1");
        await gateway.GetHitAsync("/ledger/v1/things/1");
        origin.Says((name, said.Replace("{origin}", origin.Address.ToString(), StringComparison.Ordinal)));
        (await gateway.Client.PostAsync(new Uri("/ledger/v1/things", UriKind.Relative), content: null)).Dispose();
        origin.Says(("Cache-Control", "max-age=3600"));
        Assert.NotEqual(first.Body, (await gateway.GetAsync("/ledger/v1/things/1")).Body);
    }

    /// <summary>What a hit tells is what the first answer told, once prefixed.</summary>
    [Fact]
    public async Task Rfc9111_3_AStoredAnswer_HasThePrefixOnce()
    {
        await using var origin = await Origin.StartAsync();
        origin.Says(("Cache-Control", "max-age=60"), ("Content-Location", "/v1/things/1"));
        await using var gateway = new GatewayHost([.. Route(origin)]);
        await gateway.GetAsync("/ledger/v1/things/1");
        await gateway.GetHitAsync("/ledger/v1/things/1");
        using var hit = await gateway.Client.GetAsync(new Uri("/ledger/v1/things/1", UriKind.Relative));
        Assert.Equal(("HIT", "/ledger/v1/things/1"), (Field(hit, "X-Cache"), Field(hit, "Content-Location")));
    }

    [Fact]
    public async Task WithoutAPrefix_ItStaysAsItIs()
    {
        await using var origin = await Origin.StartAsync();
        origin.Says(("Location", origin.Address + "v1"));
        await using var gateway = GatewayHost.Before(origin);
        using var answer = await gateway.Client.PostAsync(new Uri("/v1", UriKind.Relative), content: null);
        Assert.Equal(origin.Address + "v1", Field(answer, "Location"));
    }

    private static string? Field(HttpResponseMessage answer, string name) =>
        answer.Headers.NonValidated.TryGetValues(name, out var values) || answer.Content.Headers.NonValidated.TryGetValues(name, out values) ? values.ToString() : null;

    private static IEnumerable<(string Name, string? Value)> Route(Origin origin) =>
    [
        ("ReverseProxy:Routes:ledger:ClusterId", "ledger"),
        ("ReverseProxy:Routes:ledger:Match:Path", "/ledger/{**path}"),
        ("ReverseProxy:Routes:ledger:Transforms:0:PathRemovePrefix", "/ledger"),
        ("ReverseProxy:Clusters:ledger:Destinations:one:Address", origin.Address.ToString()),
    ];
}
