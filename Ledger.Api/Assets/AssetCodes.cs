using Ledger.Api.Errors;
using TenantManager.Client.Reference;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts.Reference;

namespace Ledger.Api.Assets;

/// <summary>
/// Checks an asset's type and code against reference data. Where there is none, and while it cannot be had, they are not checked: a
/// tenant that can be served is served (OutageServes).
/// </summary>
internal sealed partial class AssetCodes(ReferenceData reference, ILogger<AssetCodes> logger)
{
    /// <summary>The type of assets whose codes are those of currencies.</summary>
    private const string Currency = "currency";

    /// <exception cref="TenantPlatform.ServiceKit.Errors.ApiException">There is no such type, or no such currency.</exception>
    public async ValueTask CheckAsync(string type, string code, CancellationToken cancellationToken)
    {
        try
        {
            if (await reference.GetAsync(ReferenceKind.AssetTypes, cancellationToken) is { } types && types.Find(type) is null)
                throw LedgerErrors.UnknownAssetType(type, types.Entries.Select(static one => one.Code));
            if (type == Currency && await reference.GetAsync(ReferenceKind.Currencies, cancellationToken) is { } currencies && currencies.Find(code) is null)
                throw LedgerErrors.UnknownCurrency(code);
        }
        catch (Exception exception) when (exception is TenantManagerUnavailableException or TimeoutException)
        {
            LogUnchecked();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An asset was created without a look into reference data, which cannot be had at the moment")]
    private partial void LogUnchecked();
}
