using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using TenantManager.Console.Configuration;

namespace TenantManager.Console.SignIn;

/// <summary>
/// Tokens that open once and are gone: those that the console is started with, and invitations. Kept by hash in memory, so none
/// outlives the process. Safe for concurrent use: of two who present one token at once, one gets in.
/// </summary>
internal sealed class OneTimeTokens
{
    private const int MostInvitations = 100;
    private readonly ConcurrentDictionary<string, Invitation> _open = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;

    public OneTimeTokens(ConsoleOptions options, TimeProvider time)
    {
        _time = time;
        foreach (var (text, role) in ((string?, string)[])[(options.OperatorToken, Roles.Operator), (options.ViewerToken, Roles.Viewer)])
        {
            if (text is not null)
                _open[Hash(text)] = new Invitation(role, Name: null, ExpiresAt: null);
        }
    }

    /// <summary>How long an invitation may wait.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromMinutes(15);

    /// <summary>Makes one.</summary>
    /// <returns>Its text, which is told nowhere else; null when there are too many that wait.</returns>
    public string? Issue(string role, string? name)
    {
        foreach (var (hash, invitation) in _open)
        {
            if (invitation.ExpiresAt <= _time.GetUtcNow())
                _open.TryRemove(new KeyValuePair<string, Invitation>(hash, invitation));
        }

        if (_open.Count >= MostInvitations)
            return null;
        var text = RandomNumberGenerator.GetHexString(32, lowercase: true);
        _open[Hash(text)] = new Invitation(role, name, _time.GetUtcNow() + Lifetime);
        return text;
    }

    /// <summary>Looks at a token without using it up: whoever only follows a link, such as a mail's scanner, does not sign in.</summary>
    public Invitation? Peek(string? text) => text is { Length: > 0 } && _open.TryGetValue(Hash(text), out var invitation) && IsOpen(invitation) ? invitation : null;

    /// <summary>Uses a token up.</summary>
    /// <returns>Whom it lets in; null when it opens nothing, or no more.</returns>
    public Invitation? Use(string? text) => text is { Length: > 0 } && _open.TryRemove(Hash(text), out var invitation) && IsOpen(invitation) ? invitation : null;

    private bool IsOpen(Invitation invitation) => invitation.ExpiresAt is not { } end || end > _time.GetUtcNow();

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
