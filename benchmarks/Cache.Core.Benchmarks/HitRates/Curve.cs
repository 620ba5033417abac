namespace Cache.Core.Benchmarks.HitRates;

/// <summary>A policy's hit rates over the capacities.</summary>
internal sealed record Curve(string Policy, IReadOnlyList<double> Rates);
