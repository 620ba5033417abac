using System.Globalization;
using Cache.Core.Formats;
using Cache.Core.Valkey;
using Microsoft.Extensions.Configuration;

namespace Cache.Core.Snapshots;

/// <summary>Reads <see cref="LastKnownGoodOptions"/> from the variables <c>CACHE_LAST_KNOWN_GOOD_*</c>.</summary>
public static class LastKnownGoodSettings
{
    internal const string Path = "CACHE_LAST_KNOWN_GOOD_PATH";
    internal const string EncryptionKeys = "CACHE_LAST_KNOWN_GOOD_ENCRYPTION_KEYS";
    internal const string MaxAge = "CACHE_LAST_KNOWN_GOOD_MAX_AGE";
    internal const string MaxEntries = "CACHE_LAST_KNOWN_GOOD_MAX_ENTRIES";
    internal const string MaxSize = "CACHE_LAST_KNOWN_GOOD_MAX_SIZE";

    /// <summary>Reads and checks the settings; null when there is no path.</summary>
    /// <remarks>A path without keys is no error: the service starts, warns, and goes without a snapshot.</remarks>
    /// <exception cref="CacheConfigurationException">A setting is wrong, or is set without a path; the message names it.</exception>
    public static LastKnownGoodOptions? Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (Text(Path) is not { } path)
        {
            foreach (var setting in (string[])[EncryptionKeys, MaxAge, MaxEntries, MaxSize])
            {
                if (Text(setting) is not null)
                    throw new CacheConfigurationException(setting, $"{setting} is set, but {Path} is not: set it to the snapshot's file, such as '/var/lib/service/last-known-good'.");
            }

            return null;
        }

        if (path.EndsWith('/') || Directory.Exists(path))
            throw new CacheConfigurationException(Path, $"{Path} is '{path}', a directory: expected the path of a file, such as '/var/lib/service/last-known-good'.");
        var options = new LastKnownGoodOptions { Path = path, EncryptionKeys = Text(EncryptionKeys) };
        Formats.EncryptionKeys.Parse(options.EncryptionKeys, EncryptionKeys);
        if (Text(MaxAge) is { } age)
        {
            options.MaxAge = Durations.TryParse(age, out var read) && read > TimeSpan.Zero
                ? read
                : throw new CacheConfigurationException(MaxAge, $"{MaxAge} is '{age}': expected a duration such as '12h' or '24h'.");
        }

        if (Text(MaxEntries) is { } entries)
        {
            options.MaxEntries = int.TryParse(entries, NumberStyles.None, CultureInfo.InvariantCulture, out var read) && read >= 1
                ? read
                : throw new CacheConfigurationException(MaxEntries, $"{MaxEntries} is '{entries}': expected a whole number of at least 1.");
        }

        if (Text(MaxSize) is { } size)
            options.MaxSize = Size(size);
        return options;

        string? Text(string name) => configuration[name]?.Trim() is { Length: > 0 } text ? text : null;
    }

    private static ByteSize Size(string text)
    {
        try
        {
            var size = ByteSize.Parse(text);
            if (new LastKnownGoodOptions { Path = text, MaxSize = size }.FindFault() is null)
                return size;
        }
        catch (FormatException)
        {
            // Said below.
        }

        throw new CacheConfigurationException(MaxSize, $"{MaxSize} is '{text}': expected a size of 1 KB to 1 GB, such as '32 MB'.");
    }
}
