using System.Diagnostics.CodeAnalysis;

namespace TenantPlatform.FaultProxy.Links;

/// <summary>All links of the process, by name in any case. Safe for concurrent use.</summary>
internal sealed class LinkTable : IDisposable
{
    private readonly Dictionary<string, Link> _links = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes the address of every link.</summary>
    /// <exception cref="LinkConfigurationException">One cannot be had.</exception>
    public LinkTable(IReadOnlyList<LinkDefinition> definitions, TimeProvider time, ILogger<LinkTable> logger)
    {
        try
        {
            foreach (var definition in definitions)
                _links.Add(definition.Name, Link.Bind(definition, time, logger));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>All of them, by name.</summary>
    public IEnumerable<Link> All => _links.Values.OrderBy(link => link.Name, StringComparer.Ordinal);

    /// <summary>Finds one.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Link? link) => _links.TryGetValue(name, out link);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var link in _links.Values)
            link.Dispose();
    }
}
