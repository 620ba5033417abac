namespace TenantPlatform.Observer.Reporting;

/// <summary>How long it lasted, in seconds.</summary>
/// <param name="P50">Half of them lasted no longer than this.</param>
/// <param name="P99">All but one in a hundred.</param>
/// <param name="Worst">The longest.</param>
internal sealed record Spread(double P50, double P99, double Worst)
{
    public static Spread Of(IEnumerable<double> durations)
    {
        var ordered = durations.Order().ToArray();
        return new Spread(At(ordered, 0.5), At(ordered, 0.99), ordered.LastOrDefault());
    }

    private static double At(double[] ordered, double share) => ordered.Length == 0 ? 0 : ordered[(int)Math.Ceiling(share * ordered.Length) - 1];
}
