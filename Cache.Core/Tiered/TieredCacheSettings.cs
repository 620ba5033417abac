using System.Globalization;
using Cache.Core.Valkey;
using Microsoft.Extensions.Configuration;

namespace Cache.Core.Tiered;

/// <summary>
/// Reads <see cref="TieredCacheOptions"/> from configuration: a section whose settings are named like the options, such as
/// <c>Cache:L1TimeToLive</c>, and the environment names <c>MULTI_TENANT_CACHE_L1_TTL_SEC</c> and <c>MULTI_TENANT_CACHE_L2_TTL_SEC</c>,
/// which win over it.
/// </summary>
/// <remarks>
/// A duration is a number and a unit, such as <c>500ms</c>, <c>30s</c>, <c>5m</c> or <c>12h</c>, or <c>[d.]hh:mm:ss</c>; or <c>0</c>.
/// A size is a number of bytes, or one with a unit, such as <c>64 MB</c>. An empty setting counts as absent. An unknown one is an error.
/// </remarks>
public static class TieredCacheSettings
{
    /// <summary>The section that is read of a whole configuration.</summary>
    public const string SectionName = "Cache";

    private static readonly Dictionary<string, Action<TieredCacheOptions, string>> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(TieredCacheOptions.KeyPrefix)] = static (options, text) => options.KeyPrefix = text,
        [nameof(TieredCacheOptions.Format)] = static (options, text) => options.Format = Format(text),
        [nameof(TieredCacheOptions.SoftExpiration)] = static (options, text) => options.SoftExpiration = Duration(text),
        [nameof(TieredCacheOptions.L1TimeToLive)] = static (options, text) => options.L1TimeToLive = Duration(text),
        [nameof(TieredCacheOptions.L2SoftExpiration)] = static (options, text) => options.L2SoftExpiration = Duration(text),
        [nameof(TieredCacheOptions.L2TimeToLive)] = static (options, text) => options.L2TimeToLive = Duration(text),
        [nameof(TieredCacheOptions.StaleIfError)] = static (options, text) => options.StaleIfError = Duration(text),
        [nameof(TieredCacheOptions.ShareValues)] = static (options, text) => options.ShareValues = YesOrNo(text),
        [nameof(TieredCacheOptions.NegativeLifetime)] = static (options, text) => options.NegativeLifetime = Duration(text),
        [nameof(TieredCacheOptions.DeniedRecheck)] = static (options, text) => options.DeniedRecheck = Duration(text),
        [nameof(TieredCacheOptions.Jitter)] = static (options, text) => options.Jitter = Share(text),
        [nameof(TieredCacheOptions.FetchSoftTimeout)] = static (options, text) => options.FetchSoftTimeout = Duration(text),
        [nameof(TieredCacheOptions.FetchTimeout)] = static (options, text) => options.FetchTimeout = Duration(text),
        [nameof(TieredCacheOptions.L2SoftTimeout)] = static (options, text) => options.L2SoftTimeout = Duration(text),
        [nameof(TieredCacheOptions.L2Timeout)] = static (options, text) => options.L2Timeout = Duration(text),
        [nameof(TieredCacheOptions.LeaseLifetime)] = static (options, text) => options.LeaseLifetime = Duration(text),
        [nameof(TieredCacheOptions.L1Capacity)] = static (options, text) => options.L1Capacity = Number(text),
        [nameof(TieredCacheOptions.L1ByteCapacity)] = static (options, text) => options.L1ByteCapacity = ByteSize.Parse(text),
        [nameof(TieredCacheOptions.NegativeCapacity)] = static (options, text) => options.NegativeCapacity = Number(text),
        [nameof(TieredCacheOptions.LargestL2Value)] = static (options, text) => options.LargestL2Value = ByteSize.Parse(text),
        [nameof(TieredCacheOptions.RefreshQueueCapacity)] = static (options, text) => options.RefreshQueueCapacity = Number(text),
        [nameof(TieredCacheOptions.RefreshConcurrency)] = static (options, text) => options.RefreshConcurrency = Number(text),
    };

    /// <summary>The settings that there are.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    private static readonly (string Variable, string Option)[] Variables =
    [
        ("MULTI_TENANT_CACHE_L1_TTL_SEC", nameof(TieredCacheOptions.L1TimeToLive)),
        ("MULTI_TENANT_CACHE_L2_TTL_SEC", nameof(TieredCacheOptions.L2TimeToLive)),
    ];

    /// <summary>Reads and checks the settings; what they leave open is as in a new <see cref="TieredCacheOptions"/>.</summary>
    /// <param name="configuration">
    /// A whole configuration: its section <c>Cache</c> is read, and the environment names. Or a section, which alone is read.
    /// </param>
    /// <exception cref="CacheConfigurationException">A setting is unknown, cannot be read or is out of range; the message names it.</exception>
    public static TieredCacheOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = new TieredCacheOptions();
        Read(configuration, options);
        return options;
    }

    internal static void Read(IConfiguration configuration, TieredCacheOptions options)
    {
        var origins = new Dictionary<string, (string Setting, string Text)>(StringComparer.OrdinalIgnoreCase);
        var section = configuration as IConfigurationSection ?? configuration.GetSection(SectionName);
        foreach (var setting in section.GetChildren())
        {
            if (!Known.ContainsKey(setting.Key))
                throw Wrong(setting.Path, $"{setting.Path} is no setting of the cache: expected one of {string.Join(", ", Known.Keys)}.");
            if (setting.Value is null && setting.GetChildren().Any())
                throw Wrong(setting.Path, $"{setting.Path} has settings below it: expected one value.");
            if (!string.IsNullOrWhiteSpace(setting.Value))
                Set(options, setting.Key, setting.Path, setting.Value.Trim(), setting.Value.Trim(), origins);
        }

        if (configuration is not IConfigurationSection)
            ReadVariables(configuration, options, origins);
        if (options.FindFault() is { } fault)
        {
            throw origins.TryGetValue(fault.Option, out var origin)
                ? Wrong(origin.Setting, $"{origin.Setting} is '{origin.Text}': expected {fault.Expected}.")
                : Wrong(fault.Option, $"{nameof(TieredCacheOptions)}.{fault.Option} is {fault.Value}; expected {fault.Expected}.");
        }
    }

    private static void ReadVariables(
        IConfiguration configuration, TieredCacheOptions options, Dictionary<string, (string Setting, string Text)> origins)
    {
        foreach (var (variable, option) in Variables)
        {
            if (configuration[variable]?.Trim() is not { Length: > 0 } text)
                continue;
            if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds >= Longest.TotalSeconds)
                throw Wrong(variable, $"{variable} is '{text}': expected a number of seconds, 0 for never expiring.");
            Set(options, option, variable, text, TimeSpan.FromSeconds(seconds).ToString("c", CultureInfo.InvariantCulture), origins);
        }
    }

    private static void Set(
        TieredCacheOptions options, string option, string setting, string text, string value, Dictionary<string, (string Setting, string Text)> origins)
    {
        try
        {
            Known[option](options, value);
        }
        catch (FormatException expected)
        {
            throw Wrong(setting, $"{setting} is '{text}': {expected.Message}");
        }

        origins[option] = (setting, text);
    }

    private static TimeSpan Duration(string text)
    {
        if (text == "0")
            return TimeSpan.Zero;
        if (Durations.TryParse(text, out var duration))
            return duration;

        // With a colon only: "5" alone would be five days.
        return text.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration)
            && duration >= TimeSpan.Zero
            && duration < Longest
                ? duration
                : throw new FormatException("expected a duration such as '500ms', '30s', '5m', '12h' or '00:05:00'.");
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException("expected a whole number.");

    private static bool YesOrNo(string text) =>
        bool.TryParse(text, out var yes) ? yes : throw new FormatException("expected true or false.");

    private static double Share(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
            ? share
            : throw new FormatException("expected a number, 0 to 0.5.");

    private static CacheFormat Format(string text) => text.ToUpperInvariant() switch
    {
        "ENVELOPE" => CacheFormat.Envelope,
        "PLAINJSON" => CacheFormat.PlainJson,
        _ => throw new FormatException("expected Envelope or PlainJson."),
    };

    private static CacheConfigurationException Wrong(string setting, string message) => new(setting, message);
}
