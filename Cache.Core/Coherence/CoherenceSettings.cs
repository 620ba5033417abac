using System.Globalization;
using Cache.Core.Valkey;
using Microsoft.Extensions.Configuration;

namespace Cache.Core.Coherence;

/// <summary>Reads <see cref="CoherenceOptions"/> from <c>CACHE_COHERENCE</c> and <c>CACHE_COHERENCE_LEASE_MS</c>.</summary>
public static class CoherenceSettings
{
    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="ValkeyConfigurationException">One is wrong; the message names it.</exception>
    public static CoherenceOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new CoherenceOptions { Mode = Mode(configuration["CACHE_COHERENCE"]), Lease = Lease(configuration["CACHE_COHERENCE_LEASE_MS"]) };
    }

    private static CoherenceMode Mode(string? text) => text?.Trim().ToUpperInvariant() switch
    {
        null or "" or "AUTO" => CoherenceMode.Auto,
        "TRACKING" => CoherenceMode.Tracking,
        "PUBSUB" => CoherenceMode.PubSub,
        "OFF" => CoherenceMode.Off,
        _ => throw new ValkeyConfigurationException($"CACHE_COHERENCE is '{text}': expected 'auto', 'tracking', 'pubsub' or 'off'."),
    };

    private static TimeSpan Lease(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return new CoherenceOptions().Lease;
        var (least, most) = (CoherenceOptions.ShortestLease.TotalMilliseconds, CoherenceOptions.LongestLease.TotalMilliseconds);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds >= least && milliseconds <= most
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new ValkeyConfigurationException($"CACHE_COHERENCE_LEASE_MS is '{text}': expected milliseconds, {least} to {most}.");
    }
}
