using System.Collections.Concurrent;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;

namespace TenantManager.Client.TenantConfigs;

/// <summary>
/// What the tenant-manager answered last about each tenant that is asked about again and again, and by which tag it can say that
/// the answer still is the same. Kept with its tag, whatever the caches hold by now: so a 304 is as good as the answer sent again.
/// </summary>
/// <remarks>Safe for concurrent use. Bounded: when there are too many, the next answers are whole ones.</remarks>
internal sealed class ConfigAnswers(int connected)
{
    private readonly int _most = (int)Math.Min(2L * connected, int.MaxValue);
    private readonly ConcurrentDictionary<(TenantId Tenant, string Service), ConfigAnswer> _answers = new();

    public ConfigAnswer? Find(TenantId tenant, string service) => _answers.GetValueOrDefault((tenant, service));

    public void Remember(TenantId tenant, string service, string? tag, TenantConfig config)
    {
        if (tag is null)
        {
            // As Go's tenant-manager answers.
            Forget(tenant, service);
            return;
        }

        if (_answers.Count >= _most)
            _answers.Clear();
        _answers[(tenant, service)] = new ConfigAnswer(tag, config);
    }

    public void Forget(TenantId tenant, string service) => _answers.TryRemove((tenant, service), out _);
}
