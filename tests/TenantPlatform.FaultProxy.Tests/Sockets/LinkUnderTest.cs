using System.Net;
using System.Net.Sockets;
using TenantPlatform.FaultProxy.Faults;
using TenantPlatform.FaultProxy.Links;
using TenantPlatform.TestKit;

namespace TenantPlatform.FaultProxy.Tests.Sockets;

/// <summary>A started link before a target.</summary>
internal sealed class LinkUnderTest : IAsyncDisposable
{
    private readonly FakeTimeProvider? _fakeTime;

    public LinkUnderTest(int targetPort, TimeProvider? time = null, Random? lots = null, LogCollector? logs = null)
    {
        _fakeTime = time as FakeTimeProvider;
        var definition = new LinkDefinition("test", new IPEndPoint(IPAddress.Loopback, 0), new HostPort("127.0.0.1", targetPort));
        Link = Link.Bind(definition, time ?? TimeProvider.System, (logs ?? new LogCollector()).CreateLogger<LinkTable>(), lots);
        Link.Start();
    }

    public Link Link { get; }

    public Task<Wire> ConnectAsync() => Wire.ConnectAsync(Link.EndPoint);

    /// <summary>Connects and says how that ends; a reset may be seen while connecting already.</summary>
    public async Task<string> ConnectToEndAsync()
    {
        try
        {
            using var wire = await ConnectAsync();
            return await wire.EndAsync();
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode.ToString();
        }
    }

    public void Set(FaultKind kind, Func<Fault, Fault>? with = null) => Link.Set(with is null ? new Fault(kind) : with(new Fault(kind)));

    public async ValueTask DisposeAsync()
    {
        var stopping = Link.StopAsync(CancellationToken.None);
        if (_fakeTime is not null)
        {
            // Stopping waits too, and nobody else moves the time.
            await Eventually.HoldsAsync("the link stops", () =>
            {
                _fakeTime.Advance(TimeSpan.FromMilliseconds(100));
                return stopping.IsCompleted;
            });
        }

        await stopping;
        Link.Dispose();
    }
}
