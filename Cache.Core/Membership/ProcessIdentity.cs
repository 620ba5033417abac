using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Membership;

/// <summary>What a process knows of itself.</summary>
public static class ProcessIdentity
{
    /// <summary>A name that no other process has: the machine's (a pod's, in Kubernetes), the process's number, and a few random digits.</summary>
    public static string NewName() =>
        string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName.ToLowerInvariant()}-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}");

    /// <summary>The application's version, without the commit it was built from; null when it has none.</summary>
    public static string? Version() =>
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    /// <summary>
    /// The first address that the application's server listens at, <c>https</c> before <c>http</c>, with the machine's name in place of
    /// "any address"; null without a server, and before it listens.
    /// </summary>
    public static string? Address(IServiceProvider services)
    {
        var addresses = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return addresses.OrderByDescending(static address => address.StartsWith("https:", StringComparison.OrdinalIgnoreCase)).FirstOrDefault() is { } first
            ? Named(first)
            : null;
    }

    internal static string Named(string address)
    {
        foreach (var any in (string[])["://[::]", "://0.0.0.0", "://+", "://*"])
            address = address.Replace(any, $"://{Environment.MachineName.ToLowerInvariant()}", StringComparison.Ordinal);
        return address.TrimEnd('/');
    }
}
