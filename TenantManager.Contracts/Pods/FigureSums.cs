namespace TenantManager.Contracts.Pods;

/// <summary>Sums of what pods tell. Anybody may write into Valkey, so a figure may be any number: a sum beyond the largest one is that.</summary>
public static class FigureSums
{
    /// <summary>The sum of a figure over all who tell it.</summary>
    public static long Total<T>(this IEnumerable<T> told, Func<T, long> figure)
    {
        ArgumentNullException.ThrowIfNull(told);
        ArgumentNullException.ThrowIfNull(figure);
        Int128 sum = 0;
        foreach (var one in told)
            sum += figure(one);
        return (long)Int128.Clamp(sum, long.MinValue, long.MaxValue);
    }
}
