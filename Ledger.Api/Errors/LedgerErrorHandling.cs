using Npgsql;
using TenantPlatform.ServiceKit.Errors;

namespace Ledger.Api.Errors;

/// <summary>What exceptions mean in the ledger, beside what they mean in every service.</summary>
internal static class LedgerErrorHandling
{
    public static void UseLedgerErrors(this WebApplication app) => app.UseApiErrors(static exception =>
        exception is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } ? LedgerErrors.BalanceChanged() : null);
}
