using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using TenantPlatform.FaultProxy.Faults;
using TenantPlatform.FaultProxy.Links;

namespace TenantManager.Console.Tests.Hosting;

/// <summary>The console's way to the tenant-manager, which can be cut.</summary>
internal sealed class ManagerLink : IAsyncDisposable
{
    private readonly Link _link;

    public ManagerLink(Uri manager)
    {
        _link = Link.Bind(new LinkDefinition("tenant-manager", new IPEndPoint(IPAddress.Loopback, 0), new HostPort(manager.Host, manager.Port)), TimeProvider.System, NullLogger.Instance);
        _link.Start();
    }

    public string Address => $"http://{_link.EndPoint}";

    public void Cut() => _link.Set(new Fault(FaultKind.Cut));

    public void Heal() => _link.Heal();

    public async ValueTask DisposeAsync()
    {
        await _link.StopAsync(CancellationToken.None);
        _link.Dispose();
    }
}
