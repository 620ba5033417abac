namespace Ledger.Benchmarks;

/// <summary>What one part of a round has shown; times in milliseconds.</summary>
internal sealed record Result(double PerSecond, double P50, double P99, double ProcessorMicroseconds, int Failed);
