using Cache.Core;
using Cache.Core.Valkey;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantManager.Contracts.Diagnostics;
using TenantPlatform.Observer.Configuration;
using TenantPlatform.Observer.Respondents;

namespace TenantPlatform.Observer.Valkey;

/// <summary>
/// Valkey as somebody to be asked: what a pod that has nothing in its own memory would serve the tenant on. Read by the pods' own code
/// and by reading commands alone; of a configuration only its tenant and revision are looked at.
/// </summary>
internal sealed partial class ValkeyRespondent(ValkeyConfigCache cache, ObserverOptions options, ILogger<ValkeyRespondent> logger) : IRespondent
{
    /// <summary>As metrics name it. No pod may be called so.</summary>
    public const string OwnName = "valkey";

    private string? _fault;

    public string Name => OwnName;

    public RespondentKind Kind => RespondentKind.Valkey;

    public async Task<Answer> AskAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var key = TenantConfigKey.For(tenant, options.ServiceName);
        StoredAnswer<TenantConfig> stored;
        try
        {
            stored = await cache.PeekAsync<TenantConfig>(
                key, static config => config.Revision, config => TenantConfigKey.IsOf(key, config), cancellationToken);
        }
        catch (CacheUnavailableException)
        {
            return Answer.Away;
        }

        if (stored.Fault is { } fault && Interlocked.Exchange(ref _fault, fault) != fault)
            LogUnreadable(fault);
        if (stored is { Fault: not null, Outcome: null })
            return Answer.Unreadable;
        var basis = new TenantBasis { Tenant = tenant.Value, Service = options.ServiceName };
        return new Answer(stored.Outcome is { } outcome ? basis with { Source = TenantBasis.L2, Outcome = NameOf(outcome), Revision = stored.Revision } : basis);
    }

    private static string NameOf(FetchOutcome outcome) => outcome switch
    {
        FetchOutcome.Found => TenantBasis.Found,
        FetchOutcome.Denied => TenantBasis.Denied,
        _ => TenantBasis.NotFound,
    };

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Valkey holds a configuration that cannot be read ({Fault}). If the pods can, this observer needs the same CACHE_ENCRYPTION_KEYS")]
    private partial void LogUnreadable(string fault);
}
