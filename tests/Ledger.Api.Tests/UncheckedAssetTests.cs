using Ledger.Api.Tests.Hosting;
using TenantPlatform.TestKit;

namespace Ledger.Api.Tests;

/// <summary>Assets where reference data is not to be had: over a tenant-manager that knows none, as Go's, and one that does not answer.</summary>
public sealed class UncheckedAssetTests(LedgerHost host) : IClassFixture<LedgerHost>
{
    [Fact]
    public async Task OutageServes_AssetsAreCreatedUnchecked_WithoutReferenceData()
    {
        var books = await Books.OpenAsync(host);

        Assert.Equal(201, (await AddAsync("GOLD")).Status);
        host.Manager.Override = FakeAnswer.Error(System.Net.HttpStatusCode.ServiceUnavailable);
        await using var pod = host.CreateFactory();
        using var client = pod.CreateClient();
        Assert.Equal(201, (await AddAsync("SILVER", client)).Status);
        Assert.Contains("without a look into reference data", host.Logs.Text, StringComparison.Ordinal);

        Task<Answer> AddAsync(string code, HttpClient? client = null) =>
            books.SendAsync(HttpMethod.Post, $"{books.Path}/assets", new { name = code, type = "metal", code }, client: client);
    }
}
