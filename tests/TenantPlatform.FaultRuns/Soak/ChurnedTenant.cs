namespace TenantPlatform.FaultRuns.Soak;

/// <summary>A tenant that passes through: it is made, asked for once, and goes.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What is asked for it.</param>
internal sealed record ChurnedTenant(string Id, ChurnKind Kind)
{
    /// <summary>One in twenty is served, one in four refused, the others are admitted.</summary>
    public static ChurnKind KindOf(long number) => (number % 20) switch
    {
        0 => ChurnKind.Served,
        < 6 => ChurnKind.Refused,
        _ => ChurnKind.Admitted,
    };
}
