using System.Collections.Concurrent;
using TenantManager.Api.Secrets;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.Secrets;

/// <summary>A secret store that counts who asks, and lets a test stop it.</summary>
internal sealed class GatedSecretStore(ISecretStore inner) : ISecretStore
{
    private readonly ConcurrentDictionary<string, int> _reads = new(StringComparer.Ordinal);

    public Gate? Gate { get; set; }

    public int ReadsOf(string owner) => _reads.GetValueOrDefault(owner);

    public async ValueTask<string> ReadAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        _reads.AddOrUpdate(reference.Owner, 1, static (_, count) => count + 1);
        if (Gate is { } gate)
            await gate.PassAsync(cancellationToken);
        return await inner.ReadAsync(reference, cancellationToken);
    }
}
