using HybridCacheAdoption;

await RatesService.Build(args).RunAsync();
