using HttpCaching;

var service = args.Contains("--shop", StringComparer.Ordinal) ? ShopService.Build(args) : CatalogueService.Build(args);
await service.RunAsync();
