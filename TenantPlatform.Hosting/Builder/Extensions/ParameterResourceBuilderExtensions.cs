using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.Hosting.Model;
using TenantPlatform.Hosting.Running;

namespace Aspire.Hosting;

/// <summary>Parameters.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter that configuration must have as <c>Parameters:name</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(new ParameterResource(
            name,
            _ => builder.Configuration[$"Parameters:{name}"]
                ?? throw new DistributedApplicationException($"The parameter '{name}' has no value: set 'Parameters:{name}' in the configuration, or 'Parameters__{name}' in the environment."),
            secret));
    }

    /// <summary>Adds a parameter with a value.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(new ParameterResource(name, _ => builder.Configuration[$"Parameters:{name}"] ?? value, secret));
    }

    /// <summary>Adds a parameter with a default.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="value">The default; generated ones are random.</param>
    /// <param name="secret">Whether it is never to be shown.</param>
    /// <param name="persist">Whether a generated value is kept in the AppHost's user secrets. Tests keep nothing.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var run = builder.Services.Select(service => service.ImplementationInstance).OfType<RunContext>().FirstOrDefault();
        var parameter = new ParameterResource(
            name,
            otherwise =>
            {
                var key = $"Parameters:{name}";
                if (builder.Configuration[key] is { } configured)
                    return configured;
                var generated = otherwise!.GetDefaultValue();
                if (persist && run is { IsTest: false })
                    UserSecrets.Keep(run.UserSecretsId, key, generated);
                return generated;
            },
            secret)
        {
            Default = value,
        };
        return builder.AddResource(parameter);
    }

    /// <summary>Adds a connection string that configuration must have as <c>ConnectionStrings:name</c>: of something that runs elsewhere.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="environmentVariableName">The variable that others are given it in; <c>ConnectionStrings__name</c> unless told.</param>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource<IResourceWithConnectionString>(new ConfiguredConnectionString(
            name,
            _ => builder.Configuration.GetConnectionString(name)
                ?? throw new DistributedApplicationException($"The connection string '{name}' has no value: set 'ConnectionStrings:{name}' in the configuration, or 'ConnectionStrings__{name}' in the environment."),
            environmentVariableName));
    }

    internal static ParameterResource GeneratedPassword(IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { Special = false }, secret: true, persist: true).Resource;
}
