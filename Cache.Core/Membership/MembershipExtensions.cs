using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cache.Core.Membership;

/// <summary>Registration of announcements.</summary>
public static class MembershipExtensions
{
    /// <summary>Has this process say that it is there while its host runs. Needs <see cref="CacheCoreExtensions.AddValkey"/>.</summary>
    public static IServiceCollection AddAnnouncement(this IServiceCollection services, Func<IServiceProvider, Announcement> announcement)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(announcement);

        // As a service of its own: AddHostedService takes one of a type, and there may be several groups.
        return services.AddSingleton<IHostedService>(provider => new AnnouncementService(
            provider.GetRequiredService<IMembership>(),
            announcement(provider),
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AnnouncementService>>()));
    }
}
