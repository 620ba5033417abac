using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace TenantPlatform.TestKit;

/// <summary>An OpenID Connect authority on a real port: metadata, one published key at a time, and tokens signed with it.</summary>
public sealed class FakeAuthority : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly List<RSA> _keys = [];
    private volatile RsaSecurityKey _current = null!;
    private int _asked;

    private FakeAuthority(TimeProvider time)
    {
        _time = time;
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}/realms/bank"));
        RollOver();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address.GetLeftPart(UriPartial.Authority));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>What <c>AUTH_AUTHORITY</c> is set to; its tokens' issuer too.</summary>
    public Uri Address { get; }

    /// <summary>How often it was asked for its metadata.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Whether it answers 502 to everything.</summary>
    public bool IsAway { get; set; }

    /// <summary>A JSON Web Key put in front of the published one.</summary>
    public string? AnotherKey { get; set; }

    /// <summary>Starts one.</summary>
    public static async Task<FakeAuthority> StartAsync(TimeProvider? time = null)
    {
        var authority = new FakeAuthority(time ?? TimeProvider.System);
        await authority._app.StartAsync();
        return authority;
    }

    /// <summary>Publishes and signs with a new key, and no longer the old one.</summary>
    public void RollOver()
    {
        var key = RSA.Create(2048);
        _keys.Add(key);
        _current = new RsaSecurityKey(key) { KeyId = $"key-{_keys.Count}" };
    }

    /// <summary>A token that is valid for an hour.</summary>
    public string Token(string? tenant = null, string? issuer = null, string? audience = null, string? keyId = null)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Address.ToString(),
            Audience = audience,
            IssuedAt = now,
            Expires = now.AddHours(1),
            Claims = tenant is null ? null : new Dictionary<string, object>(StringComparer.Ordinal) { ["tenantId"] = tenant },
            SigningCredentials = new SigningCredentials(keyId is null ? _current : new RsaSecurityKey(_current.Rsa) { KeyId = keyId }, SecurityAlgorithms.RsaSha256),
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        foreach (var key in _keys)
            key.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.ToString();
        if (path.EndsWith("/.well-known/openid-configuration", StringComparison.Ordinal))
            Interlocked.Increment(ref _asked);
        if (IsAway)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway; // after 503 the library asks a second time
            return Task.CompletedTask;
        }

        return path.EndsWith("/keys", StringComparison.Ordinal)
            ? context.Response.WriteAsync($$"""{"keys":[{{(AnotherKey is null ? string.Empty : $"{AnotherKey},")}}{{Published()}}]}""")
            : context.Response.WriteAsync($$"""{"issuer":"{{Address}}","jwks_uri":"{{Address}}/keys"}""");
    }

    private string Published()
    {
        var key = _current;
        var numbers = key.Rsa.ExportParameters(includePrivateParameters: false);
        return $$"""{"kty":"RSA","use":"sig","kid":"{{key.KeyId}}","n":"{{Base64UrlEncoder.Encode(numbers.Modulus)}}","e":"{{Base64UrlEncoder.Encode(numbers.Exponent)}}"}""";
    }
}
