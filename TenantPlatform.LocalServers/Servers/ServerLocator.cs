namespace TenantPlatform.LocalServers;

/// <summary>
/// Finds real servers on this machine: the installed program first, otherwise the one that <c>eng/unpack-servers</c>
/// unpacks from the distribution's packages into <c>.tools/</c>. Safe for concurrent use, also by several processes.
/// </summary>
public static class ServerLocator
{
    /// <summary>Finds Valkey: <c>valkey-server</c>, unpacked packages, or <c>redis-server</c> 7 and later with a warning.</summary>
    /// <param name="report">Told before something takes long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ServerSearch> FindValkeyAsync(Action<string>? report = null, CancellationToken cancellationToken = default)
    {
        var tried = new List<string>();
        var found = await ServerProbe.FirstAsync(["valkey-server"], "installed", tried, cancellationToken)
            ?? await UnpackedServers.FindAsync("valkey", "usr/bin/valkey-server", tried, report, cancellationToken);
        if (found is null && await ServerProbe.FirstAsync(["redis-server"], "installed", tried, cancellationToken) is { } redis)
        {
            if (redis.Version.Major >= 7)
                found = redis with { Warning = $"Redis {redis.Version} stands in for Valkey: install valkey-server to run what production runs." };
            else
                tried.Add($"redis-server {redis.Version} at {redis.Path}: version 7 or later is needed");
        }

        return Outcome("Valkey", found, tried, "Install valkey-server (Debian 12: from bookworm-backports; macOS: brew install valkey), or start docker or podman.");
    }

    /// <summary>Finds PostgreSQL: <c>postgres</c> on <c>PATH</c>, the newest installed by Debian's or Homebrew's packages, or unpacked packages.</summary>
    /// <inheritdoc cref="FindValkeyAsync"/>
    public static async Task<ServerSearch> FindPostgresAsync(Action<string>? report = null, CancellationToken cancellationToken = default)
    {
        var tried = new List<string>();
        var found = await ServerProbe.FirstAsync(["postgres", .. InstalledPostgres()], "installed", tried, cancellationToken)
            ?? await UnpackedServers.FindAsync("postgres", "usr/lib/postgresql/*/bin/postgres", tried, report, cancellationToken);
        return Outcome("PostgreSQL", found, tried, "Install postgresql (Debian: apt-get install postgresql; macOS: brew install postgresql), or start docker or podman.");
    }

    /// <summary>Finds Chromium, for tests of web pages: installed, or unpacked packages.</summary>
    /// <inheritdoc cref="FindValkeyAsync"/>
    public static async Task<ServerSearch> FindChromiumAsync(Action<string>? report = null, CancellationToken cancellationToken = default)
    {
        var tried = new List<string>();
        var found = await UnpackedServers.FindAsync("chromium", "usr/lib/chromium/chromium", tried, report, cancellationToken)
            ?? await ServerProbe.FirstAsync(["/usr/lib/chromium/chromium", "chromium", "google-chrome"], "installed", tried, cancellationToken);
        return Outcome("Chromium", found, tried, "Install chromium (Debian: apt-get install chromium).");
    }

    /// <summary>Finds Prometheus, for drills of alerts: installed, or unpacked packages.</summary>
    /// <inheritdoc cref="FindValkeyAsync"/>
    public static async Task<ServerSearch> FindPrometheusAsync(Action<string>? report = null, CancellationToken cancellationToken = default)
    {
        var tried = new List<string>();
        var found = await ServerProbe.FirstAsync(["prometheus"], "installed", tried, cancellationToken)
            ?? await UnpackedServers.FindAsync("prometheus", "usr/bin/prometheus", tried, report, cancellationToken);
        return Outcome("Prometheus", found, tried, "Install prometheus (Debian: apt-get install prometheus).");
    }

    // Homes of installed versions, the newest first: Debian, Red Hat, Homebrew on both kinds of Mac.
    private static IEnumerable<string> InstalledPostgres() =>
        from place in ((string Parent, string Pattern)[])
            [("/usr/lib/postgresql", "*"), ("/usr", "pgsql-*"), ("/opt/homebrew/opt", "postgresql*"), ("/usr/local/opt", "postgresql*")]
        where Directory.Exists(place.Parent)
        from home in Directory.GetDirectories(place.Parent, place.Pattern)
        orderby MajorOf(home) descending
        select Path.Combine(home, "bin", "postgres");

    private static int MajorOf(string home) =>
        int.TryParse(string.Concat(Path.GetFileName(home).Where(char.IsAsciiDigit)), out var major) ? major : 0;

    private static ServerSearch Outcome(string server, ServerBinary? found, List<string> tried, string advice) =>
        found is not null
            ? new ServerSearch(found, Failure: null)
            : new ServerSearch(Binary: null, $"{server} was not found. Tried: {string.Join("; ", tried)}. {advice}");
}
