using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using TenantPlatform.FaultProxy.Faults;
using TenantPlatform.FaultProxy.Links;

namespace TenantManager.Api.Tests.Hosting;

/// <summary>A way to a server that can be cut without anybody else's losing it.</summary>
internal class ServerLink : IAsyncDisposable
{
    private readonly Link _link;

    protected ServerLink(string name, string host, int port)
    {
        _link = Link.Bind(
            new LinkDefinition(name, new IPEndPoint(IPAddress.Loopback, 0), new HostPort(host, port)), TimeProvider.System, NullLogger.Instance);
        _link.Start();
    }

    public IPEndPoint EndPoint => _link.EndPoint;

    public void Cut() => _link.Set(new Fault(FaultKind.Cut));

    public void Heal() => _link.Heal();

    public async ValueTask DisposeAsync()
    {
        await _link.StopAsync(CancellationToken.None);
        _link.Dispose();
    }
}
