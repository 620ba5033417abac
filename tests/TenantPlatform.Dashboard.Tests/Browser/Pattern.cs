using System.Text.RegularExpressions;

namespace TenantPlatform.Dashboard.Tests.Browser;

/// <summary>What an address or a name looks like.</summary>
internal static class Pattern
{
    public static Regex Of(string pattern) => new(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
}
