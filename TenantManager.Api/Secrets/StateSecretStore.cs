using TenantManager.Api.Security;

namespace TenantManager.Api.Secrets;

/// <summary>Opens what the state holds.</summary>
internal sealed class StateSecretStore(SecretProtector protector) : ISecretStore
{
    public ValueTask<string> ReadAsync(SecretReference reference, CancellationToken cancellationToken) =>
        ValueTask.FromResult(protector.Unprotect(reference.Stored, reference.Owner));
}
