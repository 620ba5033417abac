using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using TenantManager.Api.Keys;
using TenantManager.Api.Security;
using TenantManager.Contracts;

namespace TenantManager.Api.Configuration;

/// <summary>What <c>/openapi/v1.json</c> says beyond the routes: how callers sign in, and which scopes open what.</summary>
internal static class OpenApiDescription
{
    public const string ApiKey = "apiKey";
    public const string Administrator = "administrator";

    public static void AddOpenApiDescription(this IServiceCollection services) => services.AddOpenApi(options => options
        .AddDocumentTransformer(DescribeAsync)
        .AddOperationTransformer(DescribeAsync));

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info.Title = "Tenant-manager";
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[ApiKey] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = WireHeaders.ApiKey,
            Description = "A key of POST /v1/api-keys with a scope that the operation names, or one of the environment's.",
        };
        document.Components.SecuritySchemes[Administrator] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = $"An administrator's token, with the scope '{AdministratorFilter.Scope}'. Keys of the environment need it for changes, for keys and for the audit log.",
        };
        return Task.CompletedTask;
    }

    private static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var scopes = EndpointScopes.Of($"{context.Description.HttpMethod} /{context.Description.RelativePath?.Trim('/')}");
        operation.Description = $"Opens for keys of the scope {string.Join(", ", ApiScopes.NamesOf(scopes | ApiScope.Admin).Select(name => $"'{name}'"))}.";
        operation.Security = [Requirement(ApiKey)];

        // With a key of the environment both are required; with another, the key alone.
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<AdministratorMetadata>().Any())
            operation.Security.Add(Requirement(ApiKey, Administrator));
        return Task.CompletedTask;

        OpenApiSecurityRequirement Requirement(params string[] schemes)
        {
            var requirement = new OpenApiSecurityRequirement();
            foreach (var scheme in schemes)
                requirement.Add(new OpenApiSecuritySchemeReference(scheme, context.Document), []);
            return requirement;
        }
    }
}
