using Cache.Core.AspNetCore.DataProtection;
using Cache.Core.Valkey;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cache.Core.AspNetCore;

/// <summary>Where data protection keeps its keys.</summary>
public static class DataProtectionExtensions
{
    /// <summary>The key in Valkey unless told.</summary>
    public const string DefaultKey = "data-protection-keys";

    /// <summary>
    /// Keeps the keys that protect cookies, antiforgery tokens and whatever else in the registered Valkey (<see cref="CacheCoreExtensions.AddValkey"/>), so
    /// that each process reads what another one has protected. With <c>CACHE_ENCRYPTION_KEYS</c> they are encrypted there; otherwise add
    /// <c>ProtectKeysWith…</c>.
    /// </summary>
    /// <remarks>
    /// The keys never expire there, but a Valkey that evicts whatever it likes (<c>maxmemory-policy allkeys-…</c>) or that saves nothing loses them, and
    /// with them everything that they protect: give them one that does neither.
    /// </remarks>
    /// <param name="builder">What <c>AddDataProtection()</c> returns.</param>
    /// <param name="key">The key in Valkey. Applications that share a Valkey and no cookies need keys of their own.</param>
    public static IDataProtectionBuilder PersistKeysToValkey(this IDataProtectionBuilder builder, string key = DefaultKey)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        builder.Services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
            options.XmlRepository = Repository(provider, key)));
        return builder;
    }

    private static ValkeyXmlRepository Repository(IServiceProvider provider, string key)
    {
        var client = provider.GetService<ICacheClient>()
            ?? throw new InvalidOperationException("PersistKeysToValkey() needs a Valkey: call builder.Services.AddValkey(builder.Configuration).");
        var valkey = provider.GetService<ValkeyOptions>();
        return valkey?.Mode == ValkeyMode.Ring
            ? throw new InvalidOperationException("PersistKeysToValkey() needs a Valkey that keeps what it is given, and a node of a ring (CACHE_MODE=ring) that was away is emptied: keep the keys elsewhere.")
            : new ValkeyXmlRepository(client, key, valkey?.EncryptionKeys);
    }
}
