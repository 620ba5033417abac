using Cache.Core;
using TenantManager.Api.Diagnostics;
using TenantManager.Api.Errors;
using TenantManager.Api.Keys;
using TenantManager.Contracts;

namespace TenantManager.Api.Security;

/// <summary>Tells who a presented key belongs to: the environment's keys, which need no database, then those of the state.</summary>
internal sealed class CallerAuthentication(ApiKeyRing ring, ApiKeyCache keys, LastUse lastUse)
{
    /// <exception cref="ApiException">The key is unknown, has expired or was revoked.</exception>
    public async ValueTask<Caller> IdentifyAsync(string presented, CancellationToken cancellationToken)
    {
        if (ring.Holds(presented))
            return Caller.Bootstrap;
        if (ring.IsConsole(presented))
            return Caller.Console;
        var found = await keys.FindAsync(presented, cancellationToken);
        if (found.Value is not { } entry)
        {
            ManagerDiagnostics.KeyRefused(found.Outcome == FetchOutcome.Denied ? found.Status ?? ApiKeyStatus.Revoked : "unknown");
            throw ApiErrors.Unauthorized(found.Outcome == FetchOutcome.Denied
                ? $"The key in '{WireHeaders.ApiKey}' {(found.Status == ApiKeyStatus.Revoked ? "has been revoked" : "has expired")}."
                : $"The key in '{WireHeaders.ApiKey}' is not known.");
        }

        lastUse.Note(entry.KeyId);
        return new Caller(entry.Name, entry.KeyId, entry.Scopes, entry.Services);
    }
}
