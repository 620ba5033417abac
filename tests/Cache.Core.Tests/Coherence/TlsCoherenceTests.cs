using Cache.Core.Coherence;
using Cache.Core.Tests.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Coherence;

public sealed class TlsCoherenceTests
{
    [Theory]
    [InlineData("127.0.0.1", true, true)]
    [InlineData("127.0.0.1", false, false)]
    [InlineData("127.0.0.2", true, false)]
    public async Task Tls_PrivateAuthority_OnlyItsCertificateForThatHostIsTrusted(string host, bool ownAuthority, bool trusted)
    {
        using var authority = new Authority();
        using var stranger = new Authority();
        using var certificate = authority.Issue(host);
        await using var server = new ScriptedServer(certificate);
        using var log = new LogCollector();
        var options = server.Options();
        options.CaCertificatePem = (ownAuthority ? authority : stranger).Pem;
        await using var coherence = new ChannelCoherence(
            options, new CoherenceOptions(), ["p:"], announcer: null, TimeProvider.System, log.CreateLogger<ChannelCoherence>());

        coherence.Start();

        await Eventually.HoldsAsync("an outcome", () => trusted ? coherence.Proof == 2 : log.Text.Contains("AuthenticationException", StringComparison.Ordinal));
        Assert.Equal(trusted ? 1 : 0, server.Count("CLIENT TRACKING"));
        if (!trusted)
            Assert.Empty(server.Received); // no password to a stranger
    }
}
