using System.Runtime.InteropServices;

namespace TenantManager.Contracts.Tokens;

/// <summary>When a token is valid, in seconds since 1970. Checked here: the library's clock cannot be set.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TokenTimes(double? NotBefore, double Expires)
{
    /// <summary>Returns why a token is refused at this moment, or null when it is not.</summary>
    public string? Refusal(DateTimeOffset now, TimeSpan skew)
    {
        var seconds = now.ToUnixTimeMilliseconds() / 1000.0;
        if (seconds >= Expires + skew.TotalSeconds)
            return "expired";
        return seconds < NotBefore - skew.TotalSeconds ? "not yet valid" : null;
    }
}
