using TenantManager.Client.Reference;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts.Reference;

namespace Crm.Api.Holders;

/// <summary>
/// The countries that addresses may be in, of reference data. Where there is none, and while it cannot be had, what has the form of
/// ISO 3166-1 is accepted: a tenant that can be served is served (OutageServes).
/// </summary>
internal sealed partial class Countries(ReferenceData reference, TimeProvider time, ILogger<Countries> logger)
{
    /// <summary>A pod has them from its start; who has to ask for them keeps nobody waiting for longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Those to check a body against; null: by form alone.</summary>
    public async ValueTask<ReferenceSet?> ForAsync(HolderBody body, CancellationToken cancellationToken)
    {
        if (body.Addresses is not { } addresses || (addresses.Primary?.Country ?? addresses.Additional1?.Country ?? addresses.Additional2?.Country) is null)
            return null;
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await reference.GetAsync(ReferenceKind.Countries, either.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is TenantManagerUnavailableException or TimeoutException or OperationCanceledException)
        {
            LogUnchecked();
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Countries were accepted by their form alone: reference data cannot be had at the moment")]
    private partial void LogUnchecked();
}
