using TenantPlatform.LocalServers;

namespace Cache.Core.Samples.Stage;

/// <summary>Starts a Valkey for one sample, gone when it ends.</summary>
internal static class LocalValkey
{
    public static async Task<ValkeyServer> StartAsync(CancellationToken cancellationToken)
    {
        var found = await ServerLocator.FindValkeyAsync(cancellationToken: cancellationToken);
        return await ValkeyServer.StartAsync(new ValkeyServerOptions { Binary = found.Require() }, cancellationToken);
    }
}
