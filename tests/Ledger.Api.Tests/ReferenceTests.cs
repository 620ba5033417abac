using Ledger.Api.Tests.Hosting;
using TenantManager.Contracts.Reference;
using TenantPlatform.TestKit;

namespace Ledger.Api.Tests;

/// <summary>C1: the ledger reads reference data that the tenant-manager owns, over a tenant-manager and a Valkey of their own.</summary>
public sealed class ReferenceTests(LedgerHost host) : IClassFixture<LedgerHost>
{
    [Fact]
    public async Task C1_Assets_AreChecked_AndReferenceDataIsTold_WithTheOwnerAwayToo()
    {
        Answer("asset-types", new ReferenceEntry { Code = "currency", Name = "Currency" }, new ReferenceEntry { Code = "loyalty", Name = "Loyalty points" });
        Answer("currencies", new ReferenceEntry { Code = "BRL", Name = "Brazilian Real", MinorUnits = 2 }, new ReferenceEntry { Code = "JPY", Name = "Yen", MinorUnits = 0 });
        host.Manager.Set("GET", "/v1/reference/countries", FakeAnswer.Error(System.Net.HttpStatusCode.ServiceUnavailable));
        await using var pod = host.CreateFactory();
        using var client = pod.CreateClient();
        var books = await Books.OpenAsync(host);

        foreach (var isAway in new[] { false, true })
        {
            if (isAway)
                host.Manager.Override = FakeAnswer.Error(System.Net.HttpStatusCode.ServiceUnavailable);
            Assert.Equal((400, "0005"), await AddAsync("currency", "BRLX"));
            Assert.Equal((400, "0040"), await AddAsync("shells", "SHELL"));
            Assert.Equal(201, (await AddAsync("loyalty", isAway ? "MILES" : "POINTS")).Status);
            var currencies = await books.SendAsync(HttpMethod.Get, "/v1/reference/currencies", client: client);
            Assert.Equal((200, 2), (currencies.Status, currencies.Body.GetProperty("entries").GetArrayLength()));
            Assert.Equal(0, (await books.SendAsync(HttpMethod.Get, "/v1/reference/currencies/JPY", client: client)).Body.GetProperty("minorUnits").GetInt32());
            Assert.Equal((404, "0007"), Outcome(await books.SendAsync(HttpMethod.Get, "/v1/reference/currencies/XYZ", client: client)));
            Assert.Equal((404, "0007"), Outcome(await books.SendAsync(HttpMethod.Get, "/v1/reference/planets", client: client)));
        }

        // What nobody can say holds nobody up, and is not made up either.
        Assert.Equal((503, "SERVICE_UNAVAILABLE"), Outcome(await books.SendAsync(HttpMethod.Get, "/v1/reference/countries", client: client)));
        using var anonymous = await client.GetAsync(new Uri("/v1/reference/currencies", UriKind.Relative));
        Assert.Equal(401, (int)anonymous.StatusCode);

        async Task<(int Status, string? Code)> AddAsync(string type, string code) =>
            Outcome(await books.SendAsync(HttpMethod.Post, $"{books.Path}/assets", new { name = code, type, code }, client: client));
    }

    private static (int Status, string? Code) Outcome(Answer answer) => (answer.Status, answer.Code);

    private void Answer(string kind, params ReferenceEntry[] entries) =>
        host.Manager.Set("GET", $"/v1/reference/{kind}", FakeAnswer.Json(new ReferenceSet { Kind = kind, Revision = 1, Entries = entries }));
}
