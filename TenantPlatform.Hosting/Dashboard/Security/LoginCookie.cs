using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace TenantPlatform.Hosting.Dashboard.Security;

/// <summary>Remembers in a browser that it knew the token. Holds a digest, so that the cookie is not the token.</summary>
internal sealed class LoginCookie(string token)
{
    private readonly byte[] _token = Digest(token);
    private readonly string _value = Convert.ToHexStringLower(Digest($"dashboard cookie of {token}"));

    /// <summary>Whether a text is the token. Takes the same time for every text.</summary>
    public bool IsToken(string? given) => CryptographicOperations.FixedTimeEquals(Digest(given ?? string.Empty), _token);

    public bool IsHeldBy(HttpContext context) =>
        CryptographicOperations.FixedTimeEquals(Digest(context.Request.Cookies[NameFor(context)] ?? string.Empty), Digest(_value));

    public void GiveTo(HttpContext context) => context.Response.Cookies.Append(NameFor(context), _value, new CookieOptions
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        IsEssential = true,
    });

    // Cookies are shared by all ports of a host: without the port, two dashboards would log each other out.
    private static string NameFor(HttpContext context) => $"tenant-platform-dashboard-{context.Connection.LocalPort}";

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
