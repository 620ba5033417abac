using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using TenantManager.Api.Keys;
using TenantManager.Api.Security;
using TenantManager.Contracts;
using TenantPlatform.HttpGuards.Idempotency;

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
            Description = $"An administrator's token, with the scope '{AdministratorCheck.Scope}'. Keys of the environment need it for changes, for keys and for the audit log.",
        };
        return Task.CompletedTask;
    }

    /// <summary>What stands before every operation: its limits, and the key of those that change something.</summary>
    private static void DescribeGuards(OpenApiOperation operation, string? method)
    {
        operation.Responses ??= [];
        operation.Responses["429"] = new OpenApiResponse
        {
            Description = "Too many requests: 'Retry-After' says in how many seconds one is let through. 'X-RateLimit-Limit', '-Remaining' and '-Reset' are on every limited answer.",
        };
        if (method is null || !IdempotencyKey.IsFor(method))
            return;
        (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = IdempotencyKey.Header,
            In = ParameterLocation.Header,
            Description = $"Lets the request take effect once: repeated within five minutes it is answered as the first time, with '{IdempotencyKey.ReplayedHeader}: true'. 1 to 256 visible ASCII characters; '{IdempotencyKey.StandardHeader}' is the same.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 256 },
        });
    }

    private static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var scopes = EndpointScopes.Of($"{context.Description.HttpMethod} /{context.Description.RelativePath?.Trim('/')}");
        operation.Description = $"Opens for keys of the scope {string.Join(", ", ApiScopes.NamesOf(scopes | ApiScope.Admin).Select(name => $"'{name}'"))}.";
        operation.Security = [Requirement(ApiKey)];

        // With a key of the environment both are required; with another, the key alone.
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<AdministratorMetadata>().Any())
            operation.Security.Add(Requirement(ApiKey, Administrator));
        DescribeGuards(operation, context.Description.HttpMethod);
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
