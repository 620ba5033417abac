using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;
using TenantManager.Api.Tests.Hosting;

namespace TenantManager.Api.Tests;

/// <summary>The document that clients are made from, and that makes them.</summary>
[Collection(ManagerCollection.Name)]
public sealed class OpenApiTests(ManagerHost host)
{
    private static readonly string[] Described = ["Tenants", "Settings", "Associations", "Export", "API keys", "Audit", "Changes", "Reference data", "Diagnostics", "Drills", "Development"];

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

    /// <summary>Microsoft's reader finds nothing wrong, and every reference leads somewhere.</summary>
    [Fact]
    public async Task OpenApi_IsReadWithoutErrors_AndEveryReferenceIsResolved()
    {
        var text = await TextAsync();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));

        var read = await OpenApiDocument.LoadAsync(stream, "json");

        Assert.Empty(read.Diagnostic!.Errors.Select(error => error.ToString()));
        var document = JsonDocument.Parse(text).RootElement;
        var references = ReferencesOf(document).Distinct(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, reference =>
        {
            var at = document;
            foreach (var step in reference.TrimStart('#', '/').Split('/'))
                Assert.True(at.TryGetProperty(step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal), out at), reference);
        });
    }

    [Fact]
    public async Task OpenApi_Operations_HaveANameOfTheirOwn_WhatTheyAnswer_AndHowTheyRefuse()
    {
        var document = JsonDocument.Parse(await TextAsync()).RootElement;
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Name: $"{operation.Name} {path.Name}", operation.Value))).ToList();

        Assert.All(operations, operation => Assert.Matches("^[a-z][A-Za-z0-9]+$", operation.Value.GetProperty("operationId").GetString()));
        Assert.Equal(operations.Count, operations.Select(operation => operation.Value.GetProperty("operationId").GetString()).Distinct(StringComparer.Ordinal).Count());
        foreach (var (name, operation) in operations)
        {
            var responses = operation.GetProperty("responses");
            foreach (var status in new[] { "400", "401", "503" })
            {
                var content = responses.GetProperty(status).GetProperty("content");
                Assert.Equal("#/components/schemas/ApiError", content.GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString());
                Assert.Equal("#/components/schemas/ProblemBody", content.GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString());
            }

            // Those of other parts of the service describe themselves.
            if (!Described.Contains(operation.GetProperty("tags")[0].GetString(), StringComparer.Ordinal))
                continue;
            var success = responses.EnumerateObject().Where(response => response.Name is "200" or "201").ToList();
            if (operation.GetProperty("operationId").GetString() is "invalidateConfiguration" or "deleteTenant")
                success = [.. responses.EnumerateObject().Where(response => response.Name == "202")];
            Assert.True(success.Count == 1, name);
            Assert.True(
                operation.GetProperty("operationId").GetString() == "invalidateConfiguration"
                || success[0].Value.GetProperty("content").EnumerateObject().All(content => content.Value.GetProperty("schema").EnumerateObject().Any()), name);
        }

        var schemas = document.GetProperty("components").GetProperty("schemas");
        var tenant = schemas.GetProperty("TenantView").GetProperty("properties");
        Assert.Equal(("integer", "string"), (tenant.GetProperty("revision").GetProperty("type").GetString(), tenant.GetProperty("tier").GetProperty("type").GetString()));
        Assert.True(schemas.GetProperty("TenantConfig").GetProperty("properties").TryGetProperty("databases", out _));
    }

    /// <summary>A generator makes a client of it, and the compiler takes that client.</summary>
    [Fact]
    public async Task OpenApi_MakesAClient_ThatCompiles_WithAMethodForEveryOperation()
    {
        var text = await TextAsync();
        var document = await NSwag.OpenApiDocument.FromJsonAsync(text);
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "TenantManagerClient",
            CSharpGeneratorSettings = { Namespace = "Generated", JsonLibrary = CSharpJsonLibrary.SystemTextJson, GenerateNullableReferenceTypes = true },
            OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
        };

        var code = new CSharpClientGenerator(document, settings).GenerateFile();

        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "generated", [CSharpSyntaxTree.ParseText(code)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.Empty(result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.ToString()));
        var methods = System.Reflection.Assembly.Load(assembly.ToArray()).GetType("Generated.TenantManagerClient")!.GetMethods().Select(method => method.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var names = document.Operations.Select(operation => operation.Operation.OperationId).ToList();
        Assert.Contains("restoreTenant", names);
        Assert.All(names, name => Assert.Contains($"{name}Async", methods));
    }

    private async Task<string> TextAsync() => (await host.UseAsync(ManagerHost.ApiKey, "/openapi/v1.json")).Body.GetRawText();

    private static IEnumerable<string> ReferencesOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property is { Name: "$ref", Value.ValueKind: JsonValueKind.String } ? [property.Value.GetString()!] : ReferencesOf(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(ReferencesOf),
        _ => [],
    };
}
