using System.Collections.ObjectModel;

namespace TenantPlatform.LocalServers.Processes;

/// <summary>
/// Starts a program in a process group of its own, but only after a line on its standard input: time enough to
/// tell the guardian. If the line never comes, because the parent died, the gate ends by itself.
/// </summary>
/// <remarks>
/// Not a POSIX shell: some (dash) drop environment variables whose names hold a hyphen, such as
/// <c>services__tenant-manager__http__0</c>. perl and bash keep them.
/// </remarks>
internal static class ProcessGate
{
    private const string PerlGate =
        """
        setpgrp(0, 0);
        while (1) { my $n = sysread(STDIN, my $c, 1); exit 125 if !$n; last if $c eq "\n"; }
        exec { $ARGV[0] } @ARGV;
        print STDERR "cannot run $ARGV[0]: $!\n";
        exit 127;
        """;

    private const string BashGate = """IFS= read -r go && exec "$@"; exit 127""";

    private const string PerlDaemon =
        """
        defined(my $p = fork) or die $!;
        exit 0 if $p;
        setsid();
        POSIX::close($_) for 3 .. 1023;
        exec { $ARGV[0] } @ARGV;
        """;

    private const string BashDaemon =
        """
        for file in /proc/$$/fd/*; do [ "${file##*/}" -le 2 ] || eval "exec ${file##*/}>&-"; done
        exec "$@"
        """;

    /// <summary>The line that opens the gate.</summary>
    public const string Open = "go\n";

    /// <summary>The arguments that put the gate before a command, the gate's own program first.</summary>
    public static IReadOnlyList<string> Before() =>
        Executables.Find("perl") is { } perl
            ? [perl, "-e", PerlGate, "--"]
            : Executables.Find("setsid") is { } setsid && Executables.Find("bash") is { } bash
                ? [setsid, bash, "--norc", "--noprofile", "-c", BashGate, "gate"]
                : throw Missing();

    /// <summary>
    /// The arguments that make a command a daemon: a session of its own, nobody's child, and no open file but the standard
    /// three, so that nobody who waits for the end of an inherited pipe waits for it.
    /// </summary>
    public static IReadOnlyList<string> Detached() =>
        Executables.Find("perl") is { } perl
            ? [perl, "-MPOSIX=setsid", "-e", PerlDaemon, "--"]
            : Executables.Find("setsid") is { } setsid && Executables.Find("bash") is { } bash
                ? [setsid, "--fork", bash, "--norc", "--noprofile", "-c", BashDaemon, "daemon"]
                : throw Missing();

    /// <summary>The arguments that run a command as another user, keeping process id and environment.</summary>
    public static IReadOnlyList<string> As(UnixUser? user) =>
        user is null
            ? ReadOnlyCollection<string>.Empty
            : [Executables.Require("setpriv"), $"--reuid={user.UserId}", $"--regid={user.GroupId}", "--init-groups", "--"];

    private static PlatformNotSupportedException Missing() => new(
        "Child processes need perl, or setsid (util-linux) together with bash, so that none of them outlives this process. Install one of these.");
}
