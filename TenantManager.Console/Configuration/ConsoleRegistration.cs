using Microsoft.FluentUI.AspNetCore.Components;
using TenantManager.Console.Cache;
using TenantManager.Console.Commands;
using TenantManager.Console.Manager;
using TenantManager.Console.SignIn;
using TenantManager.Contracts;

namespace TenantManager.Console.Configuration;

/// <summary>Puts the console together.</summary>
internal static class ConsoleRegistration
{
    /// <summary>A page waits no longer for an answer; it says so and asks again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static void AddConsole(this WebApplicationBuilder builder)
    {
        var options = ConsoleSettings.Read(builder.Configuration, builder.Environment.IsDevelopment());
        var services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);

        // Pages ask again by themselves: a retry or a breaker of the client's would only have them show later what has come back.
        services.AddHttpClient<ManagerClient>(http =>
            {
                http.BaseAddress = options.TenantManager;
                http.Timeout = Patience;
                http.DefaultRequestHeaders.Add(WireHeaders.ApiKey, options.ApiKey);
            })
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
            .RemoveAllResilienceHandlers()
            .RemoveAllLoggers();
        services.AddSingleton<CacheHistory>();
        services.AddHostedService<CacheSampling>();
        services.AddScoped<OperatorActions>();
        services.AddFluentUIComponents();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddCascadingAuthenticationState();
        builder.AddSignIn(options);
    }
}
