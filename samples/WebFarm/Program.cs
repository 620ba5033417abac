using WebFarm;

await ShopService.Build(args).RunAsync();
