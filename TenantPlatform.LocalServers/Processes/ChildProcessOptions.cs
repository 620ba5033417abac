namespace TenantPlatform.LocalServers.Processes;

/// <summary>What to start and how.</summary>
public sealed record ChildProcessOptions
{
    /// <summary>The program: a path, or a name to look up in <c>PATH</c>.</summary>
    public required string FileName { get; init; }

    /// <summary>Its arguments. Visible to every user of the machine: never a secret.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Where it runs; <see langword="null"/>: where this process runs.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Environment variables on top of this process's own; a <see langword="null"/> value removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>The user to run as; <see langword="null"/>: the user of this process. Only root can choose another.</summary>
    public UnixUser? User { get; init; }

    /// <summary>Text for its standard input; <see langword="null"/>: an empty one.</summary>
    public string? StandardInput { get; init; }

    /// <summary>What <see cref="ChildProcess.StopAsync(TimeSpan, CancellationToken)"/>, or the end of this process, sends first.</summary>
    public StopSignal StopSignal { get; init; }

    /// <summary>Called with every line of standard output, one at a time, on a pool thread. Must not throw.</summary>
    public Action<string>? OutputLine { get; init; }

    /// <summary>Likewise for standard error. May run at the same time as <see cref="OutputLine"/>.</summary>
    public Action<string>? ErrorLine { get; init; }
}
