using System.Net;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace TenantPlatform.Hosting.Running;

/// <summary>The address in front of the replicas of an HTTP endpoint, on 127.0.0.1: spreads requests, not connections.</summary>
/// <remarks>Kestrel reads and <see cref="SocketsHttpHandler"/> writes every message, so no request reaches a replica in other bounds than it was read in.</remarks>
internal sealed class ReplicaFront : IFront
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(2);

    private readonly KestrelServer _server;
    private readonly HttpMessageInvoker _replicas;
    private bool _isStarted;

    public ReplicaFront(ReplicaPool pool, int port)
    {
        Pool = pool;
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;

        // Bytes that are not ASCII pass as they are; what they mean is between the client and the service.
        options.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        options.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        options.Listen(IPAddress.Loopback, port, static listen => listen.Protocols = HttpProtocols.Http1);
        _server = new KestrelServer(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
        _replicas = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = ConnectLimit,

            // Shorter than the two minutes after which ASP.NET Core closes idle connections: no request meets one that is being closed.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        });
    }

    public ReplicaPool Pool { get; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _server.StartAsync(new RequestForwarder(Pool, _replicas), cancellationToken);
        _isStarted = true;
    }

    public async Task StopAsync()
    {
        if (!_isStarted)
            return;
        _isStarted = false;
        using var limit = new CancellationTokenSource(DrainLimit);
        await _server.StopAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _server.Dispose();
        _replicas.Dispose();
    }
}
