using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using TenantManager.Api.Tests.Hosting;

namespace TenantManager.Api.Tests.Reference;

/// <summary>C1: reference data as its owner keeps it.</summary>
[Collection(ManagerCollection.Name)]
public sealed class ReferenceTests(ManagerHost host)
{
    [Fact]
    public async Task Seed_IsIsoAndTheLedgersTypes()
    {
        var kinds = (await GetAsync("/v1/reference")).Body.EnumerateArray().ToDictionary(kind => Text(kind, "kind")!, kind => kind.GetProperty("entries").GetInt32(), StringComparer.Ordinal);
        var countries = await EntriesAsync("countries");
        var currencies = await EntriesAsync("currencies");
        var types = await EntriesAsync("asset-types");

        Assert.Equal(["asset-types", "countries", "currencies"], kinds.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((countries.Count, currencies.Count, types.Count), (kinds["countries"], kinds["currencies"], kinds["asset-types"]));
        Assert.True(countries.Count >= 249, "ISO 3166-1");
        Assert.All(countries.Values, country => Assert.Matches("^[A-Z]{2}$", Text(country, "code")));
        Assert.Equal(("BRA", "076", "Brazil"), (Text(countries["BR"], "alpha3"), Text(countries["BR"], "numeric"), Text(countries["BR"], "name")));
        Assert.Equal(("TUR", "792", "Türkiye"), (Text(countries["TR"], "alpha3"), Text(countries["TR"], "numeric"), Text(countries["TR"], "name")));
        Assert.All(currencies.Values, currency => Assert.Matches("^[A-Z]{3}$", Text(currency, "code")));
        foreach (var (code, numeric, minorUnits) in new[] { ("BRL", "986", 2), ("JPY", "392", 0), ("BHD", "048", 3), ("CLF", "990", 4), ("EUR", "978", 2) })
            Assert.Equal((numeric, minorUnits), (Text(currencies[code], "numeric"), currencies[code].GetProperty("minorUnits").GetInt32()));
        Assert.False(currencies["XAU"].TryGetProperty("minorUnits", out _));

        // What the amendments of 2021 to 2026 have brought and taken away.
        foreach (var (code, numeric) in new[] { ("SLE", "925"), ("VED", "926"), ("XAD", "396"), ("XCG", "532"), ("ZWG", "924") })
            Assert.Equal((numeric, 2), (Text(currencies[code], "numeric"), currencies[code].GetProperty("minorUnits").GetInt32()));
        Assert.Empty(currencies.Keys.Intersect(["ANG", "BGN", "CUC", "HRK", "SLL", "ZWL"], StringComparer.Ordinal));
        Assert.Superset(new HashSet<string>(["commodity", "crypto", "currency", "others"], StringComparer.Ordinal), types.Keys.ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Entry_IsCreated_Changed_AndDeleted_EachMakesARevision_AndIsAudited()
    {
        var code = NewType();
        var path = $"/v1/reference/asset-types/{code}";
        var before = await RevisionAsync("asset-types");

        Assert.Equal((404, "REFERENCE_ENTRY_NOT_FOUND"), Outcome(await GetAsync(path)));
        var created = await PutAsync(path, """{"name":"Loyalty points"}""");
        var same = await PutAsync(path, """{"name":"Loyalty points"}""");
        var changed = await PutAsync(path, """{"name":"Points"}""");
        var read = await GetAsync(path);
        var deleted = await host.SendAsync(HttpMethod.Delete, path);

        Assert.Equal((200, code, "Loyalty points"), (created.Status, Text(created.Body, "code"), Text(created.Body, "name")));
        Assert.Equal(($"\"{before + 1}\"", $"\"{before + 1}\"", $"\"{before + 2}\"", $"\"{before + 2}\""), (created.ETag, same.ETag, changed.ETag, read.ETag));
        Assert.Equal("Points", Text(read.Body, "name"));
        Assert.Equal((200, before + 3), (deleted.Status, deleted.Body.GetProperty("revision").GetInt64()));
        Assert.Equal((404, "REFERENCE_ENTRY_NOT_FOUND"), Outcome(await host.SendAsync(HttpMethod.Delete, path)));
        Assert.Equal(before + 3, await RevisionAsync("asset-types"));
        var lines = (await host.SendAsync(HttpMethod.Get, "/v1/audit?limit=20")).Body.GetProperty("items").EnumerateArray()
            .Where(line => Text(line, "target") == $"asset-types/{code}").Select(line => (Text(line, "action"), line.GetProperty("revisionBefore").GetInt64(), line.GetProperty("revisionAfter").GetInt64()));
        Assert.Equal([("reference.deleted", before + 2, before + 3), ("reference.changed", before + 1, before + 2), ("reference.created", before, before + 1)], lines);
    }

    [Theory]
    [InlineData("currencies", "brl", """{"name":"x"}""", "code")]
    [InlineData("currencies", "ABCD", """{"name":"x"}""", "code")]
    [InlineData("countries", "BRA", """{"name":"x"}""", "code")]
    [InlineData("asset-types", "Currency", """{"name":"x"}""", "code")]
    [InlineData("asset-types", "tm-config:x", """{"name":"x"}""", "code")]
    [InlineData("currencies", "QQQ", "{}", "name")]
    [InlineData("currencies", "QQQ", """{"name":"  "}""", "name")]
    [InlineData("currencies", "QQQ", """{"name":"a\u0000b"}""", "name")]
    [InlineData("currencies", "QQQ", """{"name":"x","alpha3":"QQQ"}""", "alpha3")]
    [InlineData("currencies", "QQQ", """{"name":"x","numeric":"12"}""", "numeric")]
    [InlineData("currencies", "QQQ", """{"name":"x","minorUnits":19}""", "minorUnits")]
    [InlineData("currencies", "QQQ", """{"name":"x","minorUnits":-1}""", "minorUnits")]
    [InlineData("countries", "QQ", """{"name":"x","minorUnits":2}""", "minorUnits")]
    [InlineData("countries", "QQ", """{"name":"x","alpha3":"qqq"}""", "alpha3")]
    [InlineData("asset-types", "q", """{"name":"x","numeric":"001"}""", "numeric")]
    public async Task WrongEntry_Is400_NamesTheField_AndChangesNothing(string kind, string code, string body, string field)
    {
        var before = await RevisionAsync(kind);

        var refused = await PutAsync($"/v1/reference/{kind}/{code}", body);

        Assert.Equal((400, "0009"), Outcome(refused));
        Assert.True(refused.Body.GetProperty("fields").TryGetProperty(field, out _), refused.Body.ToString());
        Assert.Equal(before, await RevisionAsync(kind));
    }

    [Theory]
    [InlineData("GET", "/v1/reference/planets", 404, "REFERENCE_KIND_NOT_FOUND")]
    [InlineData("GET", "/v1/reference/Countries", 404, "REFERENCE_KIND_NOT_FOUND")]
    [InlineData("PUT", "/v1/reference/planets/EARTH", 404, "REFERENCE_KIND_NOT_FOUND")]
    [InlineData("GET", "/v1/reference/currencies/QQQ", 404, "REFERENCE_ENTRY_NOT_FOUND")]
    [InlineData("GET", "/v1/reference/currencies/B%01", 404, "REFERENCE_ENTRY_NOT_FOUND")]
    [InlineData("DELETE", "/v1/reference/currencies/B%01", 404, "REFERENCE_ENTRY_NOT_FOUND")]
    public async Task WhatIsNotThere_Is404(string method, string path, int status, string code) =>
        Assert.Equal((status, code), Outcome(await host.SendRawAsync(new HttpMethod(method), path, method == "PUT" ? "{\"name\":\"x\"}" : null)));

    [Fact]
    public async Task CodesOfAnotherEntry_Are409()
    {
        Assert.Equal((409, "REFERENCE_CODE_TAKEN"), Outcome(await PutAsync("/v1/reference/countries/QZ", """{"name":"x","alpha3":"BRA"}""")));
        var taken = await PutAsync("/v1/reference/currencies/QZQ", """{"name":"x","numeric":"986"}""");
        Assert.Equal((409, "REFERENCE_CODE_TAKEN"), Outcome(taken));
        Assert.Contains("'numeric'", Text(taken.Body, "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_OfWhatSomebodyElseHasChanged_Is412()
    {
        var path = $"/v1/reference/asset-types/{NewType()}";

        Assert.Equal(412, (await SendAsync(HttpMethod.Put, path, """{"name":"1"}""", ifMatch: "*")).Status);
        var seen = (await PutAsync(path, """{"name":"1"}""")).ETag!;
        Assert.Equal(200, (await SendAsync(HttpMethod.Put, path, """{"name":"2"}""", ifMatch: seen)).Status);
        Assert.Equal(412, (await SendAsync(HttpMethod.Put, path, """{"name":"3"}""", ifMatch: seen)).Status);
        Assert.Equal(412, (await SendAsync(HttpMethod.Delete, path, body: null, ifMatch: seen)).Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Delete, path, body: null, ifMatch: "*")).Status);
    }

    [Fact]
    public async Task Set_ThatTheCallerHas_IsNotSentAgain()
    {
        var tag = (await GetAsync("/v1/reference/countries")).ETag!;

        Assert.Equal(304, (await SendAsync(HttpMethod.Get, "/v1/reference/countries", body: null, ifNoneMatch: tag)).Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Get, "/v1/reference/countries", body: null, ifNoneMatch: "\"0\"")).Status);
    }

    [Fact]
    public async Task Keys_OfOneService_ReadReferenceData_AndWriteNone()
    {
        var key = await host.CreateKeyAsync(["service"], services: ["ledger"]);
        var writes = await host.CreateKeyAsync(["write"]);

        foreach (var path in new[] { "/v1/reference", "/v1/reference/countries", "/v1/reference/countries/BR" })
            Assert.Equal(200, (await host.UseAsync(key.Text, path)).Status);
        foreach (var other in new[] { key, writes })
            Assert.Equal(403, (await host.UseAsync(other.Text, "/v1/reference/countries/BR", HttpMethod.Put, body: "{\"name\":\"x\"}")).Status);
        Assert.Equal(401, (await host.UseAsync(ManagerHost.ApiKey, "/v1/reference/countries/BR", HttpMethod.Put, body: "{\"name\":\"x\"}")).Status);
    }

    private static (int Status, string? Code) Outcome(Answer answer) => (answer.Status, answer.Code);

    private static string NewType() => $"t{Guid.NewGuid():N}";

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private Task<Answer> GetAsync(string path) => host.UseAsync(ManagerHost.ApiKey, path);

    private Task<Answer> PutAsync(string path, string body) => host.SendRawAsync(HttpMethod.Put, path, body);

    private async Task<long> RevisionAsync(string kind) => (await GetAsync($"/v1/reference/{kind}")).Body.GetProperty("revision").GetInt64();

    private async Task<Dictionary<string, JsonElement>> EntriesAsync(string kind) =>
        (await GetAsync($"/v1/reference/{kind}")).Body.GetProperty("entries").EnumerateArray().ToDictionary(entry => Text(entry, "code")!, StringComparer.Ordinal);

    private async Task<(int Status, string? ETag)> SendAsync(HttpMethod method, string path, string? body, string? ifMatch = null, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-API-Key", ManagerHost.ApiKey);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ManagerHost.AdminToken);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (ifNoneMatch is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await host.Anonymous.SendAsync(request);
        return ((int)response.StatusCode, response.Headers.ETag?.Tag);
    }
}
