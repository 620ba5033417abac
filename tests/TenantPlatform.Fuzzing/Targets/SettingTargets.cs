using Cache.Core;
using Cache.Core.Formats;
using Cache.Core.Rates;
using Cache.Core.Valkey;
using Cache.Core.Valkey.Ring;
using TenantPlatform.HttpGuards.RateLimiting;

namespace TenantPlatform.Fuzzing.Targets;

/// <summary>Settings: whoever writes one wrong is told so, and nothing else goes wrong.</summary>
internal static class SettingTargets
{
    public static void Settings(byte[] input)
    {
        var text = Bytes.Text(input);
        if (Durations.TryParse(text, out var duration))
            Finding.Unless(duration >= TimeSpan.Zero && duration < TimeSpan.FromDays(366), "a duration is not below zero, nor above a year");
        Allowing<FormatException>(() => Finding.Unless(ByteSize.Parse(text) is { Bytes: >= 0 } size && ByteSize.Parse(size.ToString()) == size, "a size is read as it was written"));
        Allowing<CacheConfigurationException>(() => Finding.Unless(EncryptionKeys.Parse(text) is null or { Current.Key.Length: 32 }, "a key has 32 bytes"));
        if (RateText.TryParse(text, out var terms) && terms is { } rate)
        {
            var whole = 0L;
            Finding.Unless(Gcra.Take(rate, 0, ref whole).IsAllowed, "the first is allowed");
        }

        Allowing<ValkeyConfigurationException>(() =>
        {
            var options = new ValkeyOptions { Mode = ValkeyMode.Ring };
            options.Addresses = RingSettings.TakeWeights(options, "CACHE_ADDRS", text.Split(','));
            RingSettings.Check(options);
            Finding.Unless(options.Weights.Values.All(static weight => weight is >= 0.01 and <= 100), "a weight is one");
        });
    }

    private static void Allowing<T>(Action read)
        where T : Exception
    {
        try
        {
            read();
        }
        catch (T)
        {
            // As documented.
        }
    }
}
