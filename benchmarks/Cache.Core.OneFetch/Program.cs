using Cache.Core.OneFetch;
using TenantPlatform.CommandLine;

return await new OneFetchCommand((rounds, withPeers, stop) => Conductor.RunAsync(rounds, withPeers, Terminal.OfThisProcess(), stop)).RunAsync(args);
