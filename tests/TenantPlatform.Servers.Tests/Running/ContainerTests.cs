namespace TenantPlatform.Servers.Tests.Running;

/// <summary>Servers as containers of a real engine, of images built from this machine's own servers.</summary>
public sealed class ContainerTests
{
    private readonly ContainerForm _form = new();

    [EngineFact]
    public Task Servers_ComeUpHealthy_AskForTheirPassword_SpeakInTheirLog_AndAreGoneAfterwards() =>
        ServersContract.ComeUpHealthy_AskForTheirPassword_SpeakInTheirLog_AndAreGoneAfterwardsAsync(_form);

    [EngineFact]
    public Task DataInVolumes_SurviveTheServersAndTheApplication_AtTheSameAddress() =>
        ServersContract.DataInVolumes_SurviveTheServersAndTheApplication_AtTheSameAddressAsync(_form);

    [EngineFact]
    public Task KilledServer_IsShownAsSuch_RefusesClients_AndStartsAgainAtItsAddress() =>
        ServersContract.KilledServer_IsShownAsSuch_RefusesClients_AndStartsAgainAtItsAddressAsync(_form);
}
