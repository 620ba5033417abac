using System.CommandLine;
using TenantPlatform.CommandLine;

namespace Gateway.Peers;

/// <summary>The command: which of the programs, where it listens, and for a proxy, where its origin is.</summary>
internal sealed class PeersCommand : RootCommand
{
    public PeersCommand()
        : base("Servers that eng/measure-gateway compares the gateway with, and the origin behind them all.")
    {
        Subcommands.Add(Server("origin", "answers /{bytes}/{seconds}/…: so many bytes, fresh for so many seconds", static (port, _) => Origin.Create(port)));
        Subcommands.Add(Proxy("yarp", "YARP without a cache", static (port, origin) => Peer.Create(port, origin, isCached: false)));
        Subcommands.Add(Proxy("output-cache", "YARP with ASP.NET Core's output cache", static (port, origin) => Peer.Create(port, origin, isCached: true)));
    }

    public Task<int> RunAsync(IReadOnlyList<string> arguments) => CommandLineProgram.RunAsync(this, arguments);

    private static Command Proxy(string name, string description, Func<int, Uri, WebApplication> create)
    {
        Option<int> origin = new("--origin") { Description = "The origin's port on this machine", Required = true };
        var command = Server(name, description, (port, asked) => create(port, new Uri($"http://127.0.0.1:{asked.GetValue(origin)}")));
        command.Options.Add(origin);
        return command;
    }

    private static Command Server(string name, string description, Func<int, ParseResult, WebApplication> create)
    {
        Option<int> port = new("--port") { Description = "The port to listen on", Required = true };
        Command command = new(name, description) { port };
        command.SetRun(async (asked, stop) =>
        {
            await using var app = create(asked.GetValue(port), asked);
            await app.StartAsync(stop);
            await app.WaitForShutdownAsync(stop);
            return ExitCode.Success;
        });
        return command;
    }
}
