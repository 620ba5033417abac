namespace TenantManager.Contracts;

/// <summary>Header names of the tenant-manager's API.</summary>
public static class WireHeaders
{
    /// <summary>Carries the service's key; mandatory on every call.</summary>
    public const string ApiKey = "X-API-Key";

    /// <summary>Names the operator for whom the console acts, percent-encoded; with the console's own key only.</summary>
    public const string Operator = "X-Operator";
}
