using TenantPlatform.FaultProxy;
using TenantPlatform.FaultProxy.Links;

try
{
    await using var app = FaultProxyHost.Build(args);
    await app.StartAsync();
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception exception) when (exception is LinkConfigurationException or IOException or InvalidOperationException or FormatException)
{
    await Console.Error.WriteLineAsync($"The fault proxy cannot start. {exception.Message.ReplaceLineEndings(" ")}");
    return 1;
}

namespace TenantPlatform.FaultProxy
{
    /// <summary>The service's entry point, named so that an application host can refer to it.</summary>
    public partial class Program;
}
