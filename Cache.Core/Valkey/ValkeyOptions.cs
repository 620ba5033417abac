using System.Collections.ObjectModel;
using Cache.Core.Valkey.Ring;

namespace Cache.Core.Valkey;

/// <summary>Where Valkey is and how to talk to it.</summary>
/// <remarks>Holds a password: never log it.</remarks>
public sealed class ValkeyOptions
{
    /// <summary>The servers, as <c>host:port</c>.</summary>
    public IReadOnlyList<string> Addresses { get; set; } = [];

    /// <summary>How the servers belong together.</summary>
    public ValkeyMode Mode { get; set; }

    /// <summary>In a ring, what share a server has beside the others, by its address; 1 where none is given.</summary>
    public IReadOnlyDictionary<string, double> Weights { get; set; } = ReadOnlyDictionary<string, double>.Empty;

    /// <summary>The ACL user; null for the default user.</summary>
    public string? UserName { get; set; }

    /// <summary>The password; null for none.</summary>
    public string? Password { get; set; }

    /// <summary>
    /// The keys that encrypt values, as <c>id:base64key</c> separated by commas: the first encrypts, all decrypt; null: values are
    /// not encrypted. The caches read it, the connection does not.
    /// </summary>
    public string? EncryptionKeys { get; set; }

    /// <summary>Whether to use TLS.</summary>
    public bool UseTls { get; set; }

    /// <summary>A private certificate authority as PEM; null: the machine's own.</summary>
    public string? CaCertificatePem { get; set; }

    /// <summary>How often a connection is tried at start before the server counts as away.</summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary>
    /// Without effect, and accepted so that settings can be shared with other services: commands are pipelined, so one connection
    /// carries those of all callers at once, and a second one would only add another queue before the same single-threaded server.
    /// </summary>
    public int PoolSize { get; set; } = 10;

    /// <summary>Whether a service is not to start while no server can be used. Otherwise it starts degraded, says so in its health, and recovers.</summary>
    public bool IsRequired { get; set; }

    /// <summary>Whether the lookup path has connections of its own. Off in tests of what serves in their place.</summary>
    internal bool IsDirect { get; set; } = true;

    /// <summary>When a ring's node counts as lost and as back. Other ones in tests alone.</summary>
    internal RingTerms Ring { get; set; } = RingTerms.Default;

    /// <summary>How long connecting may take.</summary>
    public TimeSpan DialTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a reading command may take, the first one included.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a writing command may take.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The name this client shows in <c>CLIENT LIST</c>.</summary>
    public string ClientName { get; set; } = "cache-core";

    /// <summary>Sentences to log at start about settings that should be replaced.</summary>
    public IReadOnlyList<string> Deprecations { get; set; } = [];

    /// <summary>The same for one of the servers, by itself.</summary>
    internal ValkeyOptions OfOne(string address) => new()
    {
        Addresses = [address],
        UserName = UserName,
        Password = Password,
        EncryptionKeys = EncryptionKeys,
        UseTls = UseTls,
        CaCertificatePem = CaCertificatePem,
        MaxRetries = MaxRetries,
        PoolSize = PoolSize,
        IsRequired = IsRequired,
        IsDirect = IsDirect,
        DialTimeout = DialTimeout,
        ReadTimeout = ReadTimeout,
        WriteTimeout = WriteTimeout,
        ClientName = ClientName,
        Ring = Ring,
    };
}
