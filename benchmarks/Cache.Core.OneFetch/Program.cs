using Cache.Core.OneFetch;

return args is ["--caller", var contender, var connectionString] ? await Caller.RunAsync(contender, connectionString) : await Conductor.RunAsync(args);
