using Cache.Core.OneFetch;

return args is ["--caller", var connectionString] ? await Caller.RunAsync(connectionString) : await Conductor.RunAsync(args);
