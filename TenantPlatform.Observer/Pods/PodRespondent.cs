using TenantManager.Contracts;
using TenantPlatform.Observer.Respondents;

namespace TenantPlatform.Observer.Pods;

/// <summary>A pod as somebody to be asked.</summary>
internal sealed class PodRespondent(Pod pod, PodClient client) : IRespondent
{
    public string Name => pod.Name;

    public RespondentKind Kind => RespondentKind.Pod;

    public Task<Answer> AskAsync(TenantId tenant, CancellationToken cancellationToken) => client.AskAsync(pod, tenant, cancellationToken);
}
