namespace Cache.Core.Samples;

/// <summary>One feature, shown by running it. What it prints is the same each time; docs/cache-core.md quotes it.</summary>
internal interface ISample
{
    /// <summary>What to call it on the command line.</summary>
    string Verb { get; }

    /// <summary>What it shows, in a line.</summary>
    string Shows { get; }

    /// <summary>Runs it.</summary>
    Task RunAsync(TextWriter output, CancellationToken cancellationToken);
}
