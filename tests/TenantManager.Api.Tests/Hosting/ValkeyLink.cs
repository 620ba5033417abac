using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using TenantPlatform.FaultProxy.Faults;
using TenantPlatform.FaultProxy.Links;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.Hosting;

/// <summary>A way to Valkey that can be cut without anybody else's losing it.</summary>
internal sealed class ValkeyLink : IAsyncDisposable
{
    private readonly Link _link;

    public ValkeyLink(ValkeyFixture valkey)
    {
        _link = Link.Bind(
            new LinkDefinition("valkey", new IPEndPoint(IPAddress.Loopback, 0), new HostPort(valkey.Host, valkey.Port)), TimeProvider.System, NullLogger.Instance);
        _link.Start();
        ConnectionString = $"{_link.EndPoint},password={valkey.Password}";
    }

    public string ConnectionString { get; }

    public void Cut() => _link.Set(new Fault(FaultKind.Cut));

    public void Heal() => _link.Heal();

    public async ValueTask DisposeAsync()
    {
        await _link.StopAsync(CancellationToken.None);
        _link.Dispose();
    }
}
