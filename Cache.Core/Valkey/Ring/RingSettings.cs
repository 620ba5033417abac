using System.Globalization;

namespace Cache.Core.Valkey.Ring;

/// <summary>What a ring's addresses must be, and the weights in them.</summary>
internal static class RingSettings
{
    private const double LeastWeight = 0.01;
    private const double MostWeight = 100;

    /// <summary>Splits <c>host:port*weight</c>; answers the addresses.</summary>
    /// <exception cref="ValkeyConfigurationException">A weight is none.</exception>
    public static string[] TakeWeights(ValkeyOptions options, string variable, string[] addresses)
    {
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        var bare = Array.ConvertAll(addresses, text =>
        {
            // Placement goes by the name as it is written, and hosts are the same in any case.
            var parts = text.ToLowerInvariant().Split('*');
            if (parts.Length == 1)
                return parts[0];
            if (parts.Length > 2 || !double.TryParse(parts[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) || weight is not (>= LeastWeight and <= MostWeight))
                throw new ValkeyConfigurationException(string.Create(CultureInfo.InvariantCulture, $"{variable} holds '{text}': expected 'host:port' or 'host:port*weight' with a weight from {LeastWeight} to {MostWeight}."));
            weights[parts[0]] = weight;
            return parts[0];
        });
        options.Weights = weights;
        return bare;
    }

    /// <exception cref="ValkeyConfigurationException">The addresses make no ring.</exception>
    public static void Check(ValkeyOptions options)
    {
        if (options.Mode != ValkeyMode.Ring)
            return;
        options.Addresses = [.. options.Addresses.Select(static address => address.ToLowerInvariant())];
        if (options.Addresses.Count is < 2 or > RingPlacement.MostNodes)
            throw new ValkeyConfigurationException($"CACHE_MODE is 'ring', and {options.Addresses.Count} addresses are given: name every node in CACHE_ADDRS, 2 to {RingPlacement.MostNodes}, or use 'single'.");
        if (options.Addresses.GroupBy(static address => address, StringComparer.Ordinal).FirstOrDefault(static same => same.Count() > 1) is { Key: var twice })
            throw new ValkeyConfigurationException($"CACHE_MODE is 'ring', and '{twice}' is named twice: name every node in CACHE_ADDRS once.");
    }
}
