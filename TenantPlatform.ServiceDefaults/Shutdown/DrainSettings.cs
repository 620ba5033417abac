using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace TenantPlatform.ServiceDefaults.Shutdown;

/// <summary>How long a service goes on when it has been told to end.</summary>
/// <param name="Duration">How long it serves on; zero: it stops listening at once.</param>
internal sealed record DrainSettings(TimeSpan Duration)
{
    public const string Variable = "SHUTDOWN_DRAIN_SEC";
    private const int Longest = 300;

    /// <summary>How long requests that have begun, and everything else, may take after that.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    /// <summary>How long the whole end may take.</summary>
    public TimeSpan Limit => Duration + EndLimit;

    public static DrainSettings Read(IConfiguration configuration)
    {
        if (configuration[Variable] is not { } text || string.IsNullOrWhiteSpace(text))
            return new DrainSettings(TimeSpan.Zero);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= Longest)
            return new DrainSettings(TimeSpan.FromSeconds(seconds));
        throw new InvalidOperationException($"{Variable} is '{text}': give whole seconds from 0 to {Longest}, or leave it out for 0.") { Data = { ["setting"] = Variable } };
    }
}
