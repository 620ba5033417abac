using TenantManager.Contracts;

namespace Ledger.Api.Errors;

/// <summary>A request is refused: the status and the body that say why.</summary>
internal sealed class LedgerException(int status, ApiError error) : Exception(error.Message)
{
    public int Status { get; } = status;

    public ApiError Error { get; } = error;
}
