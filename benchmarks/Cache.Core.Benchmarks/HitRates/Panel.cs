namespace Cache.Core.Benchmarks.HitRates;

/// <summary>A workload and how the policies did on it.</summary>
internal sealed record Panel(string Workload, IReadOnlyList<Curve> Curves);
