using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Api.Tests.Hosting;

namespace TenantManager.Api.Tests;

/// <summary>The document that clients are made from.</summary>
[Collection(ManagerCollection.Name)]
public sealed class OpenApiTests(ManagerHost host)
{
    [Fact]
    public async Task OpenApi_HasEveryRoute_WithHowOneSignsIn()
    {
        await using var manager = host.CreateFactory();
        using var client = manager.CreateClient();
        var routes = manager.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => (Method: method, Path: Security.EndpointScopes.Pattern(endpoint))) ?? [])
            .Where(route => !route.Path.StartsWith("/openapi", StringComparison.Ordinal) && !route.Path.StartsWith("/health", StringComparison.Ordinal))
            .Distinct()
            .ToList();

        var document = await host.UseAsync(ManagerHost.ApiKey, "/openapi/v1.json", client: client);

        Assert.Equal(200, document.Status);
        var paths = document.Body.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Method: operation.Name.ToUpperInvariant(), Path: path.Name.TrimEnd('/'), operation.Value)))
            .ToList();
        Assert.InRange(routes.Count, 15, 100);
        Assert.Empty(routes.Except(paths.Select(operation => (operation.Method, operation.Path))));
        Assert.All(paths, operation => Assert.True(operation.Value.GetProperty("security")[0].TryGetProperty("apiKey", out _), operation.Path));
        var schemes = document.Body.GetProperty("components").GetProperty("securitySchemes");
        Assert.Equal("X-API-Key", schemes.GetProperty("apiKey").GetProperty("name").GetString());
        Assert.Equal("bearer", schemes.GetProperty("administrator").GetProperty("scheme").GetString());
        var suspend = paths.Single(operation => operation.Path == "/v1/tenants/{tenant}/suspend").Value;
        Assert.Contains("'write'", suspend.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.True(suspend.GetProperty("security")[1].TryGetProperty("administrator", out _));

        // B7: what stands before them.
        Assert.All(paths, operation => Assert.True(operation.Value.GetProperty("responses").TryGetProperty("429", out _), operation.Path));
        Assert.All(paths, operation => Assert.Equal(
            operation.Method != "GET",
            operation.Value.TryGetProperty("parameters", out var parameters) && parameters.EnumerateArray().Any(parameter => parameter.GetProperty("name").GetString() == "X-Idempotency")));
    }
}
