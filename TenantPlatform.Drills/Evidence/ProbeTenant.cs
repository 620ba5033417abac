namespace TenantPlatform.Drills.Evidence;

/// <summary>The tenant that pods are asked as.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Token">What it signs in with; never shown.</param>
internal sealed record ProbeTenant(string Id, string Token)
{
    /// <inheritdoc />
    public override string ToString() => Id;
}
