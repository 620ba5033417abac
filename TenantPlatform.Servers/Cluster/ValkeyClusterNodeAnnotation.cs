using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using TenantPlatform.LocalServers;

namespace TenantPlatform.Servers;

/// <summary>Makes a Valkey a node of a cluster.</summary>
/// <param name="NodeTimeout">After how long without a sign of life a node counts as lost.</param>
internal sealed record ValkeyClusterNodeAnnotation(TimeSpan NodeTimeout) : IResourceAnnotation
{
    private readonly Lazy<int> _busPort = new(() => PortReservation.Take().Port);

    /// <summary>Where the node talks to the others.</summary>
    public int BusPort => _busPort.Value;

    /// <summary>Further lines of the node's configuration.</summary>
    /// <param name="file">Where it keeps what it knows of the cluster, so that it finds its place again after a restart.</param>
    /// <param name="password">What nodes sign in with at each other.</param>
    public IEnumerable<string> Configuration(string file, string? password)
    {
        yield return "cluster-enabled yes";
        yield return $"cluster-config-file {ValkeyConfiguration.Quote(file)}";
        yield return string.Create(CultureInfo.InvariantCulture, $"cluster-port {BusPort}");
        yield return string.Create(CultureInfo.InvariantCulture, $"cluster-node-timeout {(long)NodeTimeout.TotalMilliseconds}");
        yield return "cluster-announce-ip 127.0.0.1";

        // A third of the keys being lost must not take the others with it: a cache goes on with what it has.
        yield return "cluster-require-full-coverage no";
        yield return "repl-diskless-sync-delay 0";
        if (password is not null)
            yield return $"primaryauth {ValkeyConfiguration.Quote(password)}";
    }
}
