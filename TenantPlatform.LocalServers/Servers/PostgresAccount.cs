using TenantPlatform.LocalServers.Processes;

namespace TenantPlatform.LocalServers;

/// <summary>The account that PostgreSQL runs under: it refuses to be root.</summary>
internal static class PostgresAccount
{
    /// <summary>Another account when we are root; otherwise <see langword="null"/>, our own.</summary>
    /// <exception cref="ServerStartException">We are root and there is no such account.</exception>
    public static UnixUser? Choose() =>
        !Environment.IsPrivilegedProcess
            ? null
            : UnixUser.Find("postgres") ?? UnixUser.Find("nobody")
                ?? throw new ServerStartException("PostgreSQL refuses to run as root, and there is no user 'postgres' or 'nobody' to run it as. Create one: useradd --system postgres.");
}
