using System.Security.Cryptography;
using System.Text;
using TenantManager.Api.Associations;

namespace TenantManager.Api.Provisioning;

/// <summary>The names of what is made for an association: derived, so that a repeated attempt finds what the first one made.</summary>
internal readonly record struct DatabaseNames(string Database, string? Schema, string Role)
{
    private const int Longest = 63;

    public static DatabaseNames Of(string tenant, string service, string isolationMode)
    {
        var own = Fit($"t_{tenant}_{Underscored(service)}");
        return isolationMode == IsolationModes.Schema
            ? new DatabaseNames(Fit($"shared_{Underscored(service)}"), own, own)
            : new DatabaseNames(own, Schema: null, own);
    }

    /// <summary>A name as SQL writes it.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Underscored(string service) => service.Replace('-', '_');

    /// <summary>PostgreSQL cuts longer names silently, which could make two of them one.</summary>
    private static string Fit(string name) => name.Length <= Longest
        ? name
        : $"{name[..(Longest - 17)]}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16]}";
}
