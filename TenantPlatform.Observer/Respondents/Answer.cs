using TenantManager.Contracts.Diagnostics;

namespace TenantPlatform.Observer.Respondents;

/// <summary>What came of asking: what a tenant's request would be answered on, or why that is not known.</summary>
internal readonly record struct Answer(TenantBasis? Basis, bool IsRefused = false, bool IsUnreadable = false)
{
    /// <summary>It does not answer.</summary>
    public static Answer Away => default;

    /// <summary>It answers that it does not tell.</summary>
    public static Answer Refused => new(Basis: null, IsRefused: true);

    /// <summary>What lies there cannot be read, so nobody is served on it.</summary>
    public static Answer Unreadable => new(Basis: null, IsUnreadable: true);
}
