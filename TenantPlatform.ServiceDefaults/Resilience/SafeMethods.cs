namespace TenantPlatform.ServiceDefaults.Resilience;

/// <summary>The methods that may be sent again: they change nothing (RFC 9110, 9.2.1).</summary>
internal static class SafeMethods
{
    private static readonly HttpMethod[] All = [HttpMethod.Get, HttpMethod.Head, HttpMethod.Options, HttpMethod.Trace];

    public static bool Contain(HttpMethod method) => Array.IndexOf(All, method) >= 0;
}
