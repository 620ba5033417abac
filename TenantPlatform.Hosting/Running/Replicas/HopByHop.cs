using Microsoft.Extensions.Primitives;

namespace TenantPlatform.Hosting.Running;

/// <summary>Header fields that are for the next hop only and must not be passed on (RFC 9110, section 7.6.1).</summary>
internal static class HopByHop
{
    public static bool Includes(string name) => name.Length switch
    {
        2 => Is(name, "TE"),
        6 => Is(name, "Expect"),
        7 => Is(name, "Trailer") || Is(name, "Upgrade"),
        10 => Is(name, "Connection") || Is(name, "Keep-Alive"),
        16 => Is(name, "Proxy-Connection"),
        17 => Is(name, "Transfer-Encoding"),
        18 => Is(name, "Proxy-Authenticate"),
        19 => Is(name, "Proxy-Authorization"),
        _ => false,
    };

    /// <summary>The further fields that a message declares to be for the next hop; null: none.</summary>
    /// <remarks>Kestrel keeps only <c>keep-alive</c> of a request's <c>Connection</c> field that has it beside names: those pass.</remarks>
    public static HashSet<string>? Named(StringValues connection)
    {
        HashSet<string>? names = null;
        foreach (var value in connection)
        {
            // What nearly every message says.
            if (value is null || Is(value, "keep-alive") || Is(value, "close") || Is(value, "upgrade"))
                continue;
            foreach (var name in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                (names ??= new HashSet<string>(StringComparer.OrdinalIgnoreCase)).Add(name);
        }

        return names;
    }

    private static bool Is(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
