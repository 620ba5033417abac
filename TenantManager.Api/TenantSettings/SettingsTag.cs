using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace TenantManager.Api.TenantSettings;

/// <summary>The ETag of settings: the revision that their latest change has made.</summary>
internal static class SettingsTag
{
    public static EntityTagHeaderValue Of(long revision) => new(string.Create(CultureInfo.InvariantCulture, $"\"{revision}\""));

    /// <summary>Whether a request may change what has this revision: <c>If-Match</c> is a list, or <c>*</c>, and compares strongly (RFC 9110, 13.1.1). Without it, yes.</summary>
    public static bool Allows(HttpRequest request, long revision) =>
        request.Headers.IfMatch.Count == 0
        || (EntityTagHeaderValue.TryParseList(request.Headers.IfMatch, out var known)
            && known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(Of(revision), useStrongComparison: true)));

    /// <summary>Whether a request says that it has this revision: <c>If-None-Match</c> compares weakly (RFC 9110, 13.1.2).</summary>
    public static bool IsKnown(HttpRequest request, long revision) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known)
        && known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(Of(revision), useStrongComparison: false));
}
