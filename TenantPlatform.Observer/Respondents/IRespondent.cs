using TenantManager.Contracts;

namespace TenantPlatform.Observer.Respondents;

/// <summary>Somebody who can be asked what a tenant would be served on at this moment. Asking changes nothing.</summary>
internal interface IRespondent
{
    /// <summary>As metrics name it; no two have the same.</summary>
    string Name { get; }

    RespondentKind Kind { get; }

    /// <summary>Asks, within a bound. Throws when it is cancelled and never otherwise.</summary>
    Task<Answer> AskAsync(TenantId tenant, CancellationToken cancellationToken);
}
