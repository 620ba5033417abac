namespace Cache.Core;

/// <summary>A setting of the cache is unknown, missing or wrong. The message names the setting, its value unless that is a secret, and what is expected.</summary>
public class CacheConfigurationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="setting">The setting, as configuration names it.</param>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="innerException">What failed, if anything did.</param>
    public CacheConfigurationException(string setting, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Setting = setting;

        // Whoever shows it in one line need not know this type.
        base.Data["setting"] = setting;
    }

    /// <summary>The setting, as configuration names it.</summary>
    public string Setting { get; }
}
