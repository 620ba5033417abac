using BenchmarkDotNet.Running;
using Cache.Core.Benchmarks.HitRates;
using Cache.Core.Benchmarks.Ratios;

if (args.Contains("--ratios", StringComparer.Ordinal))
    await RatioProgram.RunAsync(args);
else if (args.Contains("--hit-rates", StringComparer.Ordinal))
    HitRateProgram.Run();
else
    BenchmarkSwitcher.FromAssembly(typeof(RatioProgram).Assembly).Run(args);
