using Microsoft.Extensions.DependencyInjection.Extensions;
using TenantPlatform.FaultProxy.Control;
using TenantPlatform.FaultProxy.Links;
using TenantPlatform.ServiceDefaults;

namespace TenantPlatform.FaultProxy;

/// <summary>Puts the process together.</summary>
internal static class FaultProxyHost
{
    /// <summary>Builds it; every link has its address when this returns, and none accepts connections before the start.</summary>
    /// <param name="args">The command line, read as configuration.</param>
    /// <param name="configure">Changes before the build, for tests.</param>
    /// <exception cref="LinkConfigurationException">The links cannot be used as configured.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();

        // The reason is said once, by Program, in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.AddHealthChecks().AddCheck<LinkHealth>("links", tags: ["ready"]);
        builder.Services.AddHostedService<LinkService>();
        configure?.Invoke(builder);
        var definitions = LinkConfiguration.Read(builder.Configuration);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new LinkTable(
            definitions, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<LinkTable>>()));

        var app = builder.Build();
        app.Services.GetRequiredService<LinkTable>();
        app.UseControlErrors();
        app.MapDefaultEndpoints();
        app.MapLinks();
        return app;
    }
}
