namespace TenantPlatform.Servers.Tests.Running;

/// <summary>Servers as processes of this machine.</summary>
public sealed class ProcessTests
{
    private readonly ProcessForm _form = new();

    [Fact]
    public Task Servers_ComeUpHealthy_AskForTheirPassword_SpeakInTheirLog_AndAreGoneAfterwards() =>
        ServersContract.ComeUpHealthy_AskForTheirPassword_SpeakInTheirLog_AndAreGoneAfterwardsAsync(_form);

    [Fact]
    public Task DataInVolumes_SurviveTheServersAndTheApplication_AtTheSameAddress() =>
        ServersContract.DataInVolumes_SurviveTheServersAndTheApplication_AtTheSameAddressAsync(_form);

    [Fact]
    public Task KilledServer_IsShownAsSuch_RefusesClients_AndStartsAgainAtItsAddress() =>
        ServersContract.KilledServer_IsShownAsSuch_RefusesClients_AndStartsAgainAtItsAddressAsync(_form);
}
