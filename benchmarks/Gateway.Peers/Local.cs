using System.Net;

namespace Gateway.Peers;

/// <summary>What the programs have in common: one port of this machine, and no log of requests, as with the gateway.</summary>
internal static class Local
{
    public static WebApplicationBuilder Builder(int port)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Listen(IPAddress.Loopback, port);
        });
        return builder;
    }
}
