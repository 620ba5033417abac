using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using TenantManager.Console.Manager;
using TenantManager.Console.SignIn;

namespace TenantManager.Console.Commands;

/// <summary>
/// What an operator does, under his name. The one way from a page to a change: whether somebody may is decided here, whatever the
/// page has shown.
/// </summary>
internal sealed class OperatorActions(ManagerClient manager, AuthenticationStateProvider authentication, TimeProvider time)
{
    /// <summary>Changes something.</summary>
    /// <exception cref="ManagerException">It is refused, here or there, or nobody answers.</exception>
    public async Task<T> SendAsync<T>(HttpMethod method, string path, object? body = null)
    {
        var name = await NameAsync();
        return await manager.SendAsync<T>(method, path, body, name, CancellationToken.None);
    }

    /// <summary>Who acts.</summary>
    /// <exception cref="ManagerException">Somebody who may not.</exception>
    public async Task<string> NameAsync()
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        if (!user.IsInRole(Roles.Operator))
            throw new ManagerException("You are a viewer: ask an operator.");
        if (!long.TryParse(user.FindFirstValue(Roles.SessionEnds), CultureInfo.InvariantCulture, out var ends) || time.GetUtcNow().ToUnixTimeSeconds() >= ends)
            throw new ManagerException("Your session has ended: sign in again.");
        return user.Identity?.Name ?? throw new ManagerException("You are signed in without a name: sign in again.");
    }
}
