namespace TenantPlatform.CommandLine;

/// <summary>How the programs end; each command's description repeats what they mean for it.</summary>
public static class ExitCode
{
    /// <summary>It ran, and what it looked for is well.</summary>
    public const int Success = 0;

    /// <summary>It ran, and what it looked for is not well.</summary>
    public const int Failure = 1;

    /// <summary>The command line was refused and nothing has run.</summary>
    public const int Refused = 2;

    /// <summary>Ctrl+C ended it early: 128 and the number of the signal, as shells have it.</summary>
    public const int Stopped = 130;
}
