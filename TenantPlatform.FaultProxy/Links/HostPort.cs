using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TenantPlatform.FaultProxy.Links;

/// <summary>A TCP address: a host's name or IP address, and a port.</summary>
/// <param name="Host">The host, IPv6 addresses without brackets.</param>
/// <param name="Port">The port; 0: any free one.</param>
internal readonly record struct HostPort(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c>, <c>[ipv6]:port</c>, <c>tcp://host:port</c> or <c>http://host:port</c>.</summary>
    public static bool TryParse(string? text, out HostPort address)
    {
        address = default;
        var rest = (text ?? string.Empty).Trim();
        foreach (var scheme in new[] { "tcp://", "http://" })
        {
            if (!rest.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
                continue;
            rest = rest[scheme.Length..];
            if (rest.EndsWith('/'))
                rest = rest[..^1];
            break;
        }

        var colon = rest.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > IPEndPoint.MaxPort)
            return false;
        if (!TryParseHost(rest[..colon], out var host))
            return false;
        address = new HostPort(host, port);
        return true;
    }

    /// <summary>The address as a socket needs it to listen; <c>localhost</c> is 127.0.0.1.</summary>
    public bool TryGetEndPoint([NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        var ip = string.Equals(Host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : null;
        endPoint = ip is not null || IPAddress.TryParse(Host, out ip) ? new IPEndPoint(ip, Port) : null;
        return endPoint is not null;
    }

    /// <summary>As <see cref="TryParse"/> reads it.</summary>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    private static bool TryParseHost(string text, out string host)
    {
        host = text;
        if (text.StartsWith('[') && text.EndsWith(']'))
        {
            host = text[1..^1];
            return IPAddress.TryParse(host, out var ip) && ip.AddressFamily == AddressFamily.InterNetworkV6;
        }

        return Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4;
    }
}
