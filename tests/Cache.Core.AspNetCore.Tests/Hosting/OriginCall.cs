namespace Cache.Core.AspNetCore.Tests.Hosting;

/// <summary>A request as the origin saw it.</summary>
public sealed record OriginCall(string Method, IReadOnlyDictionary<string, string> Headers)
{
    public string? this[string name] => Headers.TryGetValue(name, out var value) ? value : null;
}
