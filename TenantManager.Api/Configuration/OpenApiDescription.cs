using System.Globalization;
using System.Net.Mime;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using TenantManager.Api.Errors;
using TenantManager.Api.Keys;
using TenantManager.Api.Security;
using TenantManager.Contracts;
using TenantPlatform.HttpGuards.Idempotency;

namespace TenantManager.Api.Configuration;

/// <summary>What <c>/openapi/v1.json</c> says beyond the routes: how callers sign in, which scopes open what, and how calls are refused.</summary>
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

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var scopes = EndpointScopes.Of($"{context.Description.HttpMethod} /{context.Description.RelativePath?.Trim('/')}");
        operation.Description = $"Opens for keys of the scope {string.Join(", ", ApiScopes.NamesOf(scopes | ApiScope.Admin).Select(name => $"'{name}'"))}.";
        operation.Security = [Requirement(ApiKey)];

        // With a key of the environment both are required; with another, the key alone.
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<AdministratorMetadata>().Any())
            operation.Security.Add(Requirement(ApiKey, Administrator));
        DescribeGuards(operation, context.Description.HttpMethod);
        operation.OperationId ??= NameOf(context.Description.HttpMethod, context.Description.RelativePath);
        await DescribeErrorsAsync(operation, context, cancellationToken);

        OpenApiSecurityRequirement Requirement(params string[] schemes)
        {
            var requirement = new OpenApiSecurityRequirement();
            foreach (var scheme in schemes)
                requirement.Add(new OpenApiSecuritySchemeReference(scheme, context.Document), []);
            return requirement;
        }
    }

    /// <summary>A name for what has none: generators make methods of them, and take no path for one.</summary>
    private static string NameOf(string? method, string? path)
    {
        var words = (path ?? string.Empty).Split('/', '{', '}', '-', '.', '?', '=').Where(word => word.Length > 0 && word.All(char.IsAsciiLetterOrDigit));
        return (method ?? "call").ToLowerInvariant() + string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }

    /// <summary>Every call is refused by the same body, whatever for.</summary>
    private static async Task DescribeErrorsAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        foreach (var type in (Type[])[typeof(ApiError), typeof(ProblemBody)])
        {
            if (document.Components?.Schemas?.ContainsKey(type.Name) != true)
                document.AddComponent(type.Name, await context.GetOrCreateSchemaAsync(type, parameterDescription: null, cancellationToken));
        }

        var isOfOne = context.Description.RelativePath?.Contains('{', StringComparison.Ordinal) == true;
        var isChange = context.Description.HttpMethod != HttpMethods.Get;
        var responses = operation.Responses ??= new OpenApiResponses();
        Refuse(400, "Something in the request is missing or wrong.");
        Refuse(401, "The key or the token is missing, unknown or expired.");
        Refuse(403, "The key or the token may not be used for this.");
        if (isOfOne)
            Refuse(404, "There is no such thing.");
        if (isOfOne || isChange)
            Refuse(409, "It is not possible from the present state.");
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IfMatchMetadata>().Any())
            Refuse(412, "It has been changed since it was read.");
        if (isChange)
            Refuse(413, "The body is too long.");
        Refuse(503, "The state cannot be reached at the moment.");

        void Refuse(int status, string description)
        {
            var code = status.ToString(CultureInfo.InvariantCulture);
            if (responses.ContainsKey(code))
                return;
            responses[code] = new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    [MediaTypeNames.Application.Json] = new() { Schema = new OpenApiSchemaReference(nameof(ApiError), document) },
                    [MediaTypeNames.Application.ProblemJson] = new() { Schema = new OpenApiSchemaReference(nameof(ProblemBody), document) },
                },
            };
        }
    }
}
