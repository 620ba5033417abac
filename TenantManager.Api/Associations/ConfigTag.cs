using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using TenantManager.Api.Configuration;

namespace TenantManager.Api.Associations;

/// <summary>
/// The ETag of a configuration: its revision, and a fingerprint of what else is told with it. Without that, services would be
/// left with an address of the databases that this service's settings have changed.
/// </summary>
internal static class ConfigTag
{
    public static EntityTagHeaderValue Of(long revision, ManagerOptions options)
    {
        var told = string.Create(CultureInfo.InvariantCulture, $"{options.DatabaseHost}:{options.DatabasePort}");
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(told)).AsSpan(0, 4));
        return new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{revision}-{fingerprint}\""));
    }

    /// <summary>Whether a request says that it has it: <c>If-None-Match</c> is a list, or <c>*</c>, and compares weakly (RFC 9110, 13.1.2).</summary>
    public static bool IsKnown(EntityTagHeaderValue tag, HttpRequest request)
    {
        if (!EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known))
            return false;
        return known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: false));
    }
}
