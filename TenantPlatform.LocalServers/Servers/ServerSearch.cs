using System.Diagnostics.CodeAnalysis;

namespace TenantPlatform.LocalServers;

/// <summary>The outcome of looking for a server: a binary, or the text that says what was tried and what to install.</summary>
/// <param name="Binary">The server, when one was found.</param>
/// <param name="Failure">What was tried and what to do, when none was.</param>
public sealed record ServerSearch(ServerBinary? Binary, string? Failure)
{
    /// <summary>Whether a server was found.</summary>
    [MemberNotNullWhen(true, nameof(Binary))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Found => Binary is not null;

    /// <summary>The server.</summary>
    /// <exception cref="InvalidOperationException">None was found; the message is <see cref="Failure"/>.</exception>
    public ServerBinary Require() => Require([]);

    /// <summary>The server.</summary>
    /// <param name="triedBefore">What else was tried, to be said when none was found.</param>
    /// <exception cref="InvalidOperationException">None was found; the message says what was tried and what to do.</exception>
    internal ServerBinary Require(IReadOnlyList<string> triedBefore) => Binary
        ?? throw new InvalidOperationException(triedBefore.Count == 0 ? Failure : $"{Failure} Before that: {string.Join("; ", triedBefore)}.");
}
