using System.Text.Json;
using TenantManager.Api.Tests.Hosting;

namespace TenantManager.Api.Tests;

/// <summary>Errors as the contract has them, and as RFC 9457 for those who ask for it.</summary>
[Collection(ManagerCollection.Name)]
public sealed class ProblemTests(ManagerHost host)
{
    [Theory]
    [InlineData("application/problem+json", true)]
    [InlineData("application/json, application/problem+json;q=0.5", true)]
    [InlineData("application/json", false)]
    [InlineData("*/*", false)]
    [InlineData("application/problem+json;q=0", false)]
    [InlineData("nonsense", false)]
    [InlineData(null, false)]
    public async Task Error_IsAProblem_ForThoseWhoAskForOne(string? accept, bool isProblem)
    {
        foreach (var (path, status, code) in new[] { ("/v1/tenants?tier=gold", 400, "0009"), ($"/v1/tenants/{Guid.NewGuid():N}", 404, "TENANT_NOT_FOUND"), ("/v1/nothing", 404, "NOT_FOUND") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("X-API-Key", ManagerHost.ApiKey);
            if (accept is not null)
                request.Headers.TryAddWithoutValidation("Accept", accept);
            using var response = await host.Anonymous.SendAsync(request);
            var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(isProblem ? "application/problem+json" : "application/json", response.Content.Headers.ContentType?.MediaType);
            Assert.Equal(code, body.GetProperty("code").GetString());
            Assert.False(string.IsNullOrEmpty(body.GetProperty("title").GetString()) || string.IsNullOrEmpty(body.GetProperty("message").GetString()));
            Assert.Equal(isProblem, body.TryGetProperty("detail", out var detail) && detail.GetString() == body.GetProperty("message").GetString());
            Assert.Equal(isProblem, body.TryGetProperty("status", out var told) && told.GetInt32() == status);
            Assert.Equal(status == 400, body.TryGetProperty("fields", out _));
        }
    }
}
