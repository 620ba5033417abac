using TenantManager.Contracts;
using TenantPlatform.Observer.Respondents;

namespace TenantPlatform.Observer.Pods;

/// <summary>A pod as somebody to be asked; two are the same with the same name and address.</summary>
internal sealed record PodRespondent(Pod Pod, PodClient Client) : IRespondent
{
    public string Name => Pod.Name;

    public RespondentKind Kind => RespondentKind.Pod;

    public Task<Answer> AskAsync(TenantId tenant, CancellationToken cancellationToken) => Client.AskAsync(Pod, tenant, cancellationToken);
}
