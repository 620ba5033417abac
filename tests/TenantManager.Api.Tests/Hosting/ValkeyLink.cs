using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.Hosting;

/// <summary>A way to Valkey that can be cut without anybody else's losing it.</summary>
internal sealed class ValkeyLink(ValkeyFixture valkey) : ServerLink("valkey", valkey.Host, valkey.Port)
{
    public string ConnectionString => $"{EndPoint},password={valkey.Password}";
}
