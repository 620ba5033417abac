namespace TenantPlatform.FaultProxy.Links;

/// <summary>
/// Reads the links from <c>FAULTPROXY_LINKS</c> (<c>name=listen->target;…</c>) and from <c>FaultProxy:Links:{name}:Listen</c>
/// and <c>…:Target</c>.
/// </summary>
internal static class LinkConfiguration
{
    private const string ListVariable = "FAULTPROXY_LINKS";
    private const string Section = "FaultProxy:Links";
    private const string Form = "name=127.0.0.1:0->127.0.0.1:6379";
    private const int LongestName = 64;

    /// <summary>Reads them all.</summary>
    /// <exception cref="LinkConfigurationException">There is none, or one is wrong.</exception>
    public static IReadOnlyList<LinkDefinition> Read(IConfiguration configuration)
    {
        var links = new Dictionary<string, LinkDefinition>(StringComparer.OrdinalIgnoreCase);
        foreach (var link in ReadList(configuration[ListVariable]).Concat(ReadSection(configuration.GetSection(Section))))
        {
            if (!links.TryAdd(link.Name, link))
                throw new LinkConfigurationException($"The link '{link.Name}' is configured twice; keep one, in {ListVariable} or under {Section}.");
        }

        return links.Count > 0
            ? [.. links.Values]
            : throw new LinkConfigurationException($"No links are configured; set {ListVariable}, for example to '{Form}'.");
    }

    private static IEnumerable<LinkDefinition> ReadList(string? list)
    {
        foreach (var entry in (list ?? string.Empty).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            var arrow = entry.IndexOf("->", StringComparison.Ordinal);
            if (equals < 0 || arrow < equals)
                throw new LinkConfigurationException($"{ListVariable} has the entry '{entry}'; expected is '{Form}'.");
            yield return Define(ListVariable, entry[..equals].Trim(), entry[(equals + 1)..arrow], entry[(arrow + 2)..]);
        }
    }

    private static IEnumerable<LinkDefinition> ReadSection(IConfigurationSection section)
    {
        foreach (var link in section.GetChildren())
        {
            foreach (var setting in link.GetChildren().Select(child => child.Key))
            {
                if (!string.Equals(setting, "Listen", StringComparison.OrdinalIgnoreCase) && !string.Equals(setting, "Target", StringComparison.OrdinalIgnoreCase))
                    throw new LinkConfigurationException($"{link.Path} has the unknown setting '{setting}'; known are Listen and Target.");
            }

            yield return Define(link.Path, link.Key, link["Listen"], link["Target"]);
        }
    }

    private static LinkDefinition Define(string source, string name, string? listen, string? target)
    {
        if (name.Length is 0 or > LongestName || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'))
            throw new LinkConfigurationException($"{source} names a link '{name}'; a name has 1 to {LongestName} letters, digits, '-', '_' or '.'.");
        if (!HostPort.TryParse(listen, out var listenAddress) || !listenAddress.TryGetEndPoint(out var endPoint))
            throw new LinkConfigurationException($"{source}: the link '{name}' cannot listen on '{listen}'; expected is ip:port, such as 127.0.0.1:0.");
        if (!HostPort.TryParse(target, out var targetAddress) || targetAddress.Port == 0)
            throw new LinkConfigurationException($"{source}: the link '{name}' has the target '{target}'; expected is host:port, tcp://host:port or http://host:port.");
        if (endPoint.Port != 0 && targetAddress.TryGetEndPoint(out var targetEndPoint) && targetEndPoint.Equals(endPoint))
            throw new LinkConfigurationException($"{source}: the link '{name}' has itself as its target ({targetAddress}).");
        return new LinkDefinition(name, endPoint, targetAddress);
    }
}
