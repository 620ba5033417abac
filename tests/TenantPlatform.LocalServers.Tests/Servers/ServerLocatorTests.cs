using TenantPlatform.LocalServers;

namespace TenantPlatform.LocalServers.Tests.Servers;

public sealed class ServerLocatorTests
{
    [Fact]
    public async Task Find_OnThisMachine_NamesVersionAndOrigin()
    {
        var valkey = (await ServerLocator.FindValkeyAsync()).Require();
        var postgres = (await ServerLocator.FindPostgresAsync()).Require();

        Assert.True(valkey.Version.Major >= 7, $"{valkey}");
        Assert.True(postgres.Version.Major >= 13, $"{postgres}");
        Assert.StartsWith(valkey.Path, valkey.Origin, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(postgres.Path)!, "initdb")), $"{postgres} has no initdb beside it");
    }

    [Fact]
    public async Task Probe_OfMissingAndOfWrongPrograms_SaysWhatIsWrongWithEach()
    {
        var tried = new List<string>();

        var found = await ServerProbe.FirstAsync(["no-such-server", "/nonexistent/server", "false"], "installed", tried, CancellationToken.None);

        Assert.Null(found);
        Assert.Equal(3, tried.Count);
        Assert.Contains("no-such-server on PATH (not there)", tried[0], StringComparison.Ordinal);
        Assert.Contains("/nonexistent/server (does not exist)", tried[1], StringComparison.Ordinal);
        Assert.Contains("does not run here", tried[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Ports_TakenTogether_AllDiffer()
    {
        var reservations = Enumerable.Range(0, 50).Select(_ => PortReservation.Take()).ToList();
        try
        {
            Assert.Equal(50, reservations.Select(reservation => reservation.Port).Distinct().Count());
        }
        finally
        {
            reservations.ForEach(reservation => reservation.Dispose());
        }
    }
}
