using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace TenantPlatform.Drills;

/// <summary>A start in the dark: nothing that the service depends on by links can be reached.</summary>
public static class DarkStartDrill
{
    /// <summary>The command that cuts the links, restarts the service, leaves it alone for a while, and heals the links.</summary>
    public const string Name = "dark-start";

    /// <summary>How long it serves in the dark, watched, once it is up.</summary>
    private static readonly TimeSpan Dark = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan HealLimit = TimeSpan.FromSeconds(10);

    /// <summary>Gives a service the drill <see cref="Name"/>.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="proxy">The fault proxy (<see cref="FaultProxyExtensions.AddFaultProxy{TProject}"/>).</param>
    /// <param name="links">The links to cut. Whoever else uses them is in the dark, too.</param>
    public static IResourceBuilder<T> WithDarkStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<ProjectResource> proxy, params string[] links)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(proxy);
        var name = builder.Resource.Name;
        var control = proxy.GetEndpoint("http");
        return builder.WithDrill(Name, "Start in the dark", context => ActAsync(context, name, control, links), new CommandOptions
        {
            Description = $"Restarts it while {string.Join(" and ", links)} cannot be reached, by any pod, and heals the links again.",
            ConfirmationMessage = $"Restart {name} while {string.Join(" and ", links)} cannot be reached?",
            IconName = "WeatherMoon",
        });
    }

    private static async Task<string> ActAsync(ExecuteCommandContext context, string name, EndpointReference control, string[] links)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            foreach (var link in links)
                await LinkDrill.SetAsync(control, link, Fault("cut"), limit.Token);
            var restarted = await context.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(context.ResourceName, KnownResourceCommands.RestartCommand, limit.Token);
            if (!restarted.Success)
                throw new DrillException($"{name} could not be restarted: {restarted.Message}");
            await context.Services.GetRequiredService<ResourceNotificationService>().WaitForResourceHealthyAsync(name, limit.Token);
            await Task.Delay(Dark, limit.Token);
            return $"{name} was restarted while {string.Join(" and ", links)} could not be reached, and left so for {Dark.TotalSeconds:0} s.";
        }
        catch (OperationCanceledException exception) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw new DrillException($"{name} was not healthy within {Limit.TotalMinutes:0} min in the dark.", exception);
        }
        finally
        {
            // All of them, also when one cannot be healed.
            using var heal = new CancellationTokenSource(HealLimit);
            await Task.WhenAll(links.Select(link => LinkDrill.SetAsync(control, link, Fault("heal"), heal.Token)));
        }
    }

    private static LinkFault Fault(string name) => LinkFault.All.Single(fault => fault.Name == name);
}
