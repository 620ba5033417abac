namespace Cache.Core.Valkey.Relay;

/// <summary>Puts the relay's addresses in the place of servers' in what a server of a cluster says.</summary>
/// <param name="host">The host that was asked: a node that does not know its own name means that one.</param>
/// <param name="relay">Knows the addresses.</param>
internal sealed class ServerNames(string host, ValkeyRelay relay)
{
    /// <summary>Of the answer to <c>CLUSTER NODES</c>, lines of <c>id host:port@bus,hostname flags …</c>.</summary>
    public string OfNodes(string answer) => string.Join('\n', answer.Split('\n').Select(OfNode));

    /// <summary>Of an error such as <c>MOVED 3999 host:port</c>.</summary>
    public string OfRedirect(string error) => error.Split(' ') is [var code, var slot, var server] ? $"{code} {slot} {Address(server)}" : error;

    private string OfNode(string line)
    {
        if (line.Split(' ', 3) is not [var id, var server, var rest] || rest.Split(' ', 2)[0].Contains("noaddr", StringComparison.Ordinal))
            return line;
        var (address, names) = server.IndexOf('@', StringComparison.Ordinal) is var at and >= 0 ? (server[..at], server[at..].Split(',')) : (server, []);

        // A certificate is made out to a name where there is one.
        if (relay.Options.UseTls && names is [_, { Length: > 0 } name, ..])
            address = name + address[address.LastIndexOf(':')..];
        return $"{id} {Address(address)}{(names.Length > 0 ? names[0] : "")} {rest}";
    }

    private string Address(string server) => relay.AddressOf(server.LastIndexOf(':') == 0 ? host + server : server);
}
