using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;

namespace TenantPlatform.ServiceDefaults.Discovery;

/// <summary>
/// The endpoints in configuration: <c>services:{name}:{scheme or endpoint name}:{index}</c>, taken in turn. Names that are
/// not there are left to DNS. Safe for concurrent use; follows configuration that reloads.
/// </summary>
internal sealed class ServiceEndpoints(IConfiguration configuration)
{
    private readonly ConcurrentDictionary<string, StrongBox<int>> _turns = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The address to send to instead of <paramref name="named"/>; <c>https+http</c> prefers the first scheme that has endpoints.</summary>
    public Uri Resolve(Uri named)
    {
        var schemes = named.Scheme.Split('+');
        var (service, endpoint) = Split(named.Host);
        var section = configuration.GetSection($"services:{service}");
        foreach (var scheme in schemes)
        {
            var key = endpoint ?? scheme;
            var addresses = AddressesOf(section.GetSection(key), scheme);
            if (addresses.Count > 0)
                return Replace(named, addresses[NextTurn($"{service}:{key}", addresses.Count)]);
        }

        return schemes.Length == 1 ? named : new UriBuilder(named) { Scheme = schemes[0], Port = named.IsDefaultPort ? -1 : named.Port }.Uri;
    }

    // http://_admin.ledger is the endpoint "admin" of the service "ledger".
    private static (string Service, string? Endpoint) Split(string host) =>
        host.StartsWith('_') && host.IndexOf('.', StringComparison.Ordinal) is > 1 and var dot
            ? (host[(dot + 1)..], host[1..dot])
            : (host, null);

    private static List<Uri> AddressesOf(IConfigurationSection section, string scheme) =>
    [
        .. from text in section.GetChildren().Select(child => child.Value).Prepend(section.Value)
           where !string.IsNullOrWhiteSpace(text)
           select Parse(text, scheme, section.Path),
    ];

    private static Uri Parse(string text, string scheme, string path) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"{scheme}://{text}", UriKind.Absolute, out var address)
            ? address
            : throw new InvalidOperationException($"Configuration '{path}' holds '{text}', which is no address such as http://localhost:5000.");

    private int NextTurn(string key, int count)
    {
        var turn = _turns.GetOrAdd(key, _ => new StrongBox<int>(-1));
        return (int)((uint)Interlocked.Increment(ref turn.Value) % (uint)count);
    }

    private static Uri Replace(Uri named, Uri address) =>
        new UriBuilder(named) { Scheme = address.Scheme, Host = address.Host, Port = address.Port }.Uri;
}
