namespace Cache.Core.Benchmarks.Ratios;

/// <summary>A subject beside its baseline, measured in interleaved rounds; every figure is a median over the rounds.</summary>
/// <param name="Ratio">The subject's time over the baseline's.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Baseline">The baseline.</param>
internal sealed record Comparison(double Ratio, Sample Subject, Sample Baseline);
