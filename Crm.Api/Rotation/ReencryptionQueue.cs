using System.Collections.Concurrent;
using System.Threading.Channels;
using TenantManager.Contracts;

namespace Crm.Api.Rotation;

/// <summary>The tenants whose rows are to be sealed anew, each of them once however often it is asked for.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class ReencryptionQueue
{
    private readonly Channel<TenantId> _tenants = Channel.CreateUnbounded<TenantId>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<TenantId, byte> _waiting = new();

    public void Add(TenantId tenant)
    {
        if (_waiting.TryAdd(tenant, 0))
            _tenants.Writer.TryWrite(tenant);
    }

    public async ValueTask<TenantId> NextAsync(CancellationToken cancellationToken)
    {
        var tenant = await _tenants.Reader.ReadAsync(cancellationToken);
        _waiting.TryRemove(tenant, out _);
        return tenant;
    }
}
