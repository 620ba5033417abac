using Cache.Core.Administration;

namespace TenantManager.Api.CacheAdministration;

/// <summary>How fast a deletion goes: what is deleted is fetched again, and the source is to stand that (D8).</summary>
internal static class DeletionPace
{
    public const int Default = 500;
    public const int Fastest = 20_000;

    /// <summary>A few steps per second: so often it is looked whether the deletion is still wanted.</summary>
    private const int StepsPerSecond = 5;
    private const int LargestStep = 500;

    /// <summary>Looking at a key that is left costs Valkey something, though nobody fetches it again.</summary>
    private const double CostOfLeft = 0.1;

    private const double Jitter = 0.2;

    /// <summary>How many keys a step takes.</summary>
    public static int StepOf(int keysPerSecond) => Math.Clamp(keysPerSecond / StepsPerSecond, 1, LargestStep);

    /// <summary>The pause after a step: random around what the rate asks for, so that deletions do not keep step.</summary>
    /// <param name="step">What it has done.</param>
    /// <param name="keysPerSecond">The rate.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="draw">0 to 1.</param>
    public static TimeSpan After(DropStep step, int keysPerSecond, TimeSpan took, double draw)
    {
        var cost = step.Dropped + step.Overtaken + (step.Left * CostOfLeft);
        var due = TimeSpan.FromSeconds(cost / keysPerSecond) * (1 - Jitter + (2 * Jitter * draw));
        return due > took ? due - took : TimeSpan.Zero;
    }
}
