using TenantPlatform.ServiceKit.Validation;

namespace Ledger.Api.Validation;

/// <summary>Checks of a status.</summary>
internal static class StatusChecks
{
    public static FieldChecks Status(this FieldChecks checks, StatusBody? status) =>
        checks.Text("status.code", status?.Code, 100).Text("status.description", status?.Description);
}
