using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests;

/// <summary>Organizations, ledgers, assets and accounts.</summary>
[Collection(LedgerCollection.Name)]
public sealed class EntityTests(LedgerHost host)
{
    [Fact]
    public async Task Organization_IsCreated_Changed_Deleted()
    {
        var books = await Books.OpenAsync(host);
        var created = await books.SendAsync(HttpMethod.Post, "/v1/organizations", new { legalName = "One", legalDocument = "1", metadata = new { tier = "gold" } });
        var path = $"/v1/organizations/{created.Id}";

        var changed = await books.SendAsync(HttpMethod.Patch, path, new { legalName = "Two" });

        Assert.Equal("Two", changed.Body.GetProperty("legalName").GetString());
        Assert.Equal("gold", changed.Body.GetProperty("metadata").GetProperty("tier").GetString());
        Assert.Equal(204, (await books.SendAsync(HttpMethod.Delete, path)).Status);
        Assert.Equal((404, "0007"), ((await books.SendAsync(HttpMethod.Get, path)).Status, (await books.SendAsync(HttpMethod.Get, path)).Code));
        Assert.Equal(404, (await books.SendAsync(HttpMethod.Post, $"{path}/ledgers", new { name = "x" })).Status);
    }

    [Fact]
    public async Task Lists_ArePaged_ByCursorAndByPage_InBothOrders()
    {
        var books = await Books.OpenAsync(host, "@1", "@2", "@3", "@4", "@5");
        var path = $"{books.Path}/accounts";

        var first = await books.SendAsync(HttpMethod.Get, $"{path}?limit=4");
        var rest = await books.SendAsync(HttpMethod.Get, $"{path}?limit=4&cursor={first.Body.GetProperty("nextCursor").GetString()}");
        var second = await books.SendAsync(HttpMethod.Get, $"{path}?limit=4&page=2");
        var last = await books.SendAsync(HttpMethod.Get, $"{path}?limit=1&sort_order=desc");

        Assert.Equal(["@external/BRL", "@1", "@2", "@3"], Aliases(first));
        Assert.Equal(["@4", "@5"], Aliases(rest));
        Assert.Equal(["@4", "@5"], Aliases(second));
        Assert.Equal(["@5"], Aliases(last));

        static string[] Aliases(Answer answer) => [.. answer.Body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("alias").GetString()!)];
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=x")]
    [InlineData("page=0")]
    [InlineData("cursor=abc")]
    [InlineData("sort_order=up")]
    public async Task Lists_WithABadQuery_Are400(string query)
    {
        var books = await Books.OpenAsync(host);

        var answer = await books.SendAsync(HttpMethod.Get, $"{books.Path}/accounts?{query}");

        Assert.Equal((400, "0009"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("assets", "{\"name\":\"x\",\"type\":\"currency\",\"code\":\"brl\"}", 400, "0009")]
    [InlineData("assets", "{\"name\":\"x\",\"type\":\"currency\",\"code\":\"BRL\"}", 409, "0003")]
    [InlineData("accounts", "{\"name\":\"x\",\"assetCode\":\"USD\",\"type\":\"deposit\"}", 404, "0034")]
    [InlineData("accounts", "{\"name\":\"x\",\"assetCode\":\"BRL\",\"type\":\"deposit\",\"alias\":\"@taken\"}", 409, "0020")]
    [InlineData("accounts", "{\"name\":\"x\",\"assetCode\":\"BRL\",\"type\":\"deposit\",\"alias\":\"@external/X\"}", 400, "0009")]
    [InlineData("accounts", "{\"name\":\"x\",\"assetCode\":\"BRL\",\"type\":\"deposit\",\"parentAccountId\":\"x\"}", 400, "0009")]
    [InlineData("accounts", "{\"assetCode\":\"BRL\"}", 400, "0009")]
    public async Task BadEntity_IsRefused(string kind, string body, int status, string code)
    {
        var books = await Books.OpenAsync(host, "@taken");

        var answer = await books.SendRawAsync(HttpMethod.Post, $"{books.Path}/{kind}", body);

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Ids_ThatAreNoUuids_Are400_NotAnError()
    {
        var books = await Books.OpenAsync(host);

        Assert.Equal("0009", (await books.SendAsync(HttpMethod.Get, "/v1/organizations/abc")).Code);
        Assert.Equal("0009", (await books.SendAsync(HttpMethod.Get, $"{books.Path}/accounts/abc/balances")).Code);
        Assert.Equal("0007", (await books.SendAsync(HttpMethod.Get, $"{books.Path}/transactions/{Guid.NewGuid()}")).Code);
    }

    [Fact]
    public async Task Account_WithMoney_CannotBeDeleted()
    {
        var books = await Books.OpenAsync(host, "@rich", "@poor");
        await books.TransferAsync("@external/BRL", "@rich", "1");

        Assert.Equal(409, (await books.SendAsync(HttpMethod.Delete, $"{books.Path}/accounts/{books.Accounts["@rich"]}")).Status);
        Assert.Equal(204, (await books.SendAsync(HttpMethod.Delete, $"{books.Path}/accounts/{books.Accounts["@poor"]}")).Status);
        Assert.Equal("0085", (await books.TransferAsync("@rich", "@poor", "1")).Code);
    }
}
