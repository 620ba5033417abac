using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TenantPlatform.Drills;
using TenantPlatform.Servers;

namespace TenantPlatform.AppHost.Pods;

/// <summary>What is the same for every service, setting and secret of this application.</summary>
internal static class ServiceExtensions
{
    /// <summary>Adds a service: one HTTP endpoint that clients reach without a proxy, a health check, and drills that act on its own process.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="title">What its link says.</param>
    /// <param name="path">Where its link leads; null: to its description, OpenAPI.</param>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(
        this IDistributedApplicationBuilder builder, string name, string title, string? path = null)
        where TProject : IProjectMetadata, new() =>
        builder.AddProject<TProject>(name, launchProfileName: null)
            .WithHttpEndpoint().WithDirectEndpoints().WithBuiltProgram().WithoutCertificate()
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
            .WithHttpHealthCheck("/health/ready")
            .WithUrlForEndpoint("http", url =>
            {
                url.DisplayText = path is null ? $"{title} API" : title;
                url.Url = path ?? "/openapi/v1.json";
            })
            .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/health/ready", DisplayText = "Health", DisplayLocation = UrlDisplayLocation.DetailsOnly })
            .WithDrills();

    /// <summary>Adds a parameter with a usual value, which arguments, variables and user secrets override: a value given to Aspire would win over them.</summary>
    public static IResourceBuilder<ParameterResource> AddSetting(this IDistributedApplicationBuilder builder, string name, string usual) =>
        builder.AddParameter(name, builder.Configuration[$"Parameters:{name}"] ?? usual);

    /// <summary>Adds a secret that is generated once.</summary>
    public static IResourceBuilder<ParameterResource> AddSecret(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 48, Special = false }, secret: true, persist: true);

    /// <summary>Adds keys that data are encrypted under: one is generated, once. Where the application is published they have no default: a lost key is lost data.</summary>
    public static IResourceBuilder<ParameterResource> AddEncryptionKeys(this IDistributedApplicationBuilder builder, string name) =>
        builder.ExecutionContext.IsPublishMode
            ? builder.AddParameter(name, secret: true)
            : builder.AddParameter(name, new EncryptionKeyDefault(), secret: true, persist: true);

    /// <summary>Leaves a resource out of the list that users see.</summary>
    public static IResourceBuilder<T> AsPlumbing<T>(this IResourceBuilder<T> builder)
        where T : IResource =>
        builder.WithInitialState(new CustomResourceSnapshot { ResourceType = "ConnectionString", Properties = [], IsHidden = true });

    /// <summary>Says, when it can be sent, what sends the first request.</summary>
    public static void TellFirstRequest(
        this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> tenantManager, IReadOnlyList<IResourceBuilder<ProjectResource>> pods) =>
        tenantManager.OnResourceReady((_, ready, _) =>
        {
            ready.Services.GetRequiredService<ILoggerFactory>().CreateLogger("AppHost").LogInformation(
                "First request: eng/first-request {TenantManager} {Ledger}",
                tenantManager.GetEndpoint("http").Url,
                pods.Count > 0 ? pods[0].GetEndpoint("http").Url : "(no ledger pods)");
            return Task.CompletedTask;
        });
}
