using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TenantPlatform.LocalServers;

namespace TenantPlatform.Servers;

/// <summary>Lets a server run as a process of this machine where no container engine answers.</summary>
public static class ServerProcessExtensions
{
    /// <summary>
    /// Runs the Valkey as its container where an engine answers, and as a process of this machine where none does: the installed
    /// <c>valkey-server</c>, or the one unpacked from the distribution's packages. Its log says which and why.
    /// </summary>
    /// <remarks>
    /// Resource, connection string, password, data, health and commands are the same in both. The configuration <c>Servers:RunAs</c>
    /// decides by hand: <c>container</c>, <c>process</c>, or <c>auto</c>, the default.
    /// </remarks>
    /// <example><code>var valkey = builder.AddValkey("valkey").RunAsProcessWithoutEngine();</code></example>
    public static IResourceBuilder<ValkeyResource> RunAsProcessWithoutEngine(this IResourceBuilder<ValkeyResource> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddProcess(new ValkeyProgram(builder.Resource));
    }

    /// <summary>Likewise for PostgreSQL: the newest installed, or the one unpacked from the distribution's packages.</summary>
    /// <inheritdoc cref="RunAsProcessWithoutEngine(IResourceBuilder{ValkeyResource})"/>
    public static IResourceBuilder<PostgresServerResource> RunAsProcessWithoutEngine(this IResourceBuilder<PostgresServerResource> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // What the process accepts, the container does too.
        return builder.AddProcess(new PostgresProgram(builder.Resource))
            .WithArgs("-c", string.Create(CultureInfo.InvariantCulture, $"max_connections={PostgresSettings.MaxConnections}"));
    }

    private static IResourceBuilder<T> AddProcess<T>(this IResourceBuilder<T> server, IServerProgram program)
        where T : ContainerResource
    {
        var application = server.ApplicationBuilder;
        if (application.ExecutionContext.IsPublishMode)
            return server;
        application.AddStateDirectory();
        application.Services.TryAddSingleton<ServerProcessMirror>();
        application.Services.TryAddEventingSubscriber<ServerProcesses>();

        var process = new ServerProcessResource($"{server.Resource.Name}-process", server.Resource, program);
        application.AddResource(process)
            .WithInitialState(new CustomResourceSnapshot { ResourceType = "Executable", Properties = [], IsHidden = true })
            .WithArgs(context => ServerProcesses.PrepareAsync(process, context))
            .ExcludeFromManifest();
        return server;
    }
}
