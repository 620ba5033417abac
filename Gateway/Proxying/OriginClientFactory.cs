using System.Text;
using Gateway.Interim;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Proxying;

/// <summary>Connections to origins by which interim answers are heard, too, which the client itself reads and drops.</summary>
internal sealed class OriginClientFactory : ForwarderHttpClientFactory
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);

        // Octets beyond ASCII in fields go through as they are.
        handler.RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1;
        handler.ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1;
        handler.PlaintextStreamFilter = static (connection, _) => ValueTask.FromResult<Stream>(
            connection.NegotiatedHttpVersion.Major == 1 ? new InterimStream(connection.PlaintextStream) : connection.PlaintextStream);
    }
}
