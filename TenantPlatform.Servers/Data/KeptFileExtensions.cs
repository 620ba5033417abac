using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace TenantPlatform.Servers;

/// <summary>Files of services that are to outlive them, beside the data of the servers.</summary>
public static class KeptFileExtensions
{
    private const string Volume = "services";

    /// <summary>
    /// Tells a service, by a variable, the path of a file of its own that its next start finds again; and the next run's, where the servers'
    /// data is kept (<c>Servers:KeepVolumes</c>). Not where the application is published: who deploys says where.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="variable">The environment variable.</param>
    /// <param name="name">The file's name, after the resource's.</param>
    public static IResourceBuilder<T> WithKeptFile<T>(this IResourceBuilder<T> builder, string variable, string name)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(variable);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (builder.ApplicationBuilder.ExecutionContext.IsPublishMode)
            return builder;
        builder.ApplicationBuilder.AddStateDirectory();
        var file = $"{builder.Resource.Name}-{name}";
        return builder.WithEnvironment(context =>
            context.EnvironmentVariables[variable] = Path.Combine(context.ExecutionContext.Services.GetRequiredService<StateDirectory>().Volume(Volume), file));
    }

    internal static void AddStateDirectory(this IDistributedApplicationBuilder application) =>
        application.Services.TryAddSingleton(_ => new StateDirectory(application.AppHostDirectory, application.Configuration.GetValue("Servers:KeepVolumes", defaultValue: true)));
}
