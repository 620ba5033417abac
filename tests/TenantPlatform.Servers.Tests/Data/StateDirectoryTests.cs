using System.Globalization;
using System.Security.Cryptography;
using TenantPlatform.LocalServers;

namespace TenantPlatform.Servers.Tests.Data;

/// <summary>What a run leaves behind: volumes where they are kept, and nothing else.</summary>
public sealed class StateDirectoryTests : IDisposable
{
    // Above any process id: no such process can be running.
    private const int NoProcess = int.MaxValue;
    private readonly string _appHost = $"/nowhere/state-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
    private readonly HashSet<string> _created = [];

    public void Dispose() => _created.Where(Directory.Exists).ToList().ForEach(path => Directory.Delete(path, recursive: true));

    [Fact]
    public void Scratch_IsEmpty_AtEveryStart()
    {
        using var state = new StateDirectory(_appHost, keepVolumes: false);
        File.WriteAllText(Path.Combine(state.Scratch("valkey"), "left"), "over");

        Assert.Empty(Directory.GetFileSystemEntries(state.Scratch("valkey")));
    }

    [Fact]
    public void Scratch_IsDeleted_WhenTheRunEnds()
    {
        string scratch;
        using (var state = new StateDirectory(_appHost, keepVolumes: false))
            File.WriteAllText(Path.Combine(scratch = state.Scratch("valkey"), "left"), "over");

        Assert.False(Directory.Exists(scratch));
    }

    [Fact]
    public void Scratch_OfTwoApplicationsOfOneProcess_IsNotTheSame()
    {
        using var state = new StateDirectory(_appHost, keepVolumes: false);
        using var other = new StateDirectory(_appHost, keepVolumes: false);

        Assert.False(state.Scratch("valkey") == other.Scratch("valkey"));
    }

    [Fact]
    public void Volume_ThatIsKept_OutlivesTheRun()
    {
        string volume;
        using (var state = new StateDirectory(_appHost, keepVolumes: true))
            File.WriteAllText(Path.Combine(volume = Kept(state, "data"), "kept"), "yes");

        using var next = new StateDirectory(_appHost, keepVolumes: true);
        Assert.Equal(volume, next.Volume("data"));
        Assert.True(File.Exists(Path.Combine(volume, "kept")));
    }

    [Fact]
    public void Volume_ThatIsNotKept_IsDeletedWithTheRun()
    {
        string volume;
        using (var state = new StateDirectory(_appHost, keepVolumes: false))
            volume = state.Volume("data");

        Assert.False(Directory.Exists(volume));
    }

    [Fact]
    public void Volume_OfTwoApplications_IsNotTheSame()
    {
        using var state = new StateDirectory(_appHost, keepVolumes: true);
        using var other = new StateDirectory($"{_appHost}-other", keepVolumes: true);

        Assert.False(Kept(state, "data") == Kept(other, "data"));
    }

    [Fact]
    public void Volume_InUseByAnotherRun_IsRefused_UntilThatEnds()
    {
        using var second = new StateDirectory(_appHost, keepVolumes: true);
        using (var first = new StateDirectory(_appHost, keepVolumes: true))
        {
            var path = Kept(first, "data");
            Assert.Equal(path, first.Volume("data"));

            var refusal = Assert.Throws<ServerStartException>(() => second.Volume("data"));

            Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
            Assert.Contains("another copy of this AppHost runs", refusal.Message, StringComparison.Ordinal);
        }

        second.Volume("data");
    }

    [Fact]
    public void Port_OfAKeptVolume_IsOfferedToEveryLaterRun_EvenAfterOneThatCouldNotHaveIt()
    {
        var offered = new List<int?>();
        foreach (var chosen in (int[])[20_001, 20_002, 20_003])
        {
            using var state = new StateDirectory(_appHost, keepVolumes: true);
            Kept(state, "data");
            Assert.Equal(chosen, state.Port("data", last =>
            {
                offered.Add(last);
                return chosen;
            }));
        }

        Assert.Equal<IEnumerable<int?>>([null, 20_001, 20_001], offered);
    }

    [Fact]
    public void Port_OfAVolumeThatIsNotKept_IsAny()
    {
        using var state = new StateDirectory(_appHost, keepVolumes: false);

        Assert.Equal(20_001, state.Port("data", _ => 20_001));
        Assert.Equal(20_002, state.Port("data", last => last ?? 20_002));
    }

    [Fact]
    public void Leftovers_OfKilledRuns_AreDeleted_AndThoseOfLivingOnesAreNot()
    {
        using var state = new StateDirectory(_appHost, keepVolumes: false);
        var ours = state.Scratch("valkey");
        var runs = Path.GetDirectoryName(Path.GetDirectoryName(ours)!)!;
        var dead = Path.Combine(runs, string.Create(CultureInfo.InvariantCulture, $"{NoProcess}-1"));
        Directory.CreateDirectory(Path.Combine(dead, "postgres", "data"));
        var foreign = Directory.CreateDirectory(Path.Combine(runs, "not-a-process")).FullName;
        _created.Add(foreign);

        state.DeleteLeftovers();

        Assert.False(Directory.Exists(dead));
        Assert.True(Directory.Exists(ours));
        Assert.True(Directory.Exists(foreign));
    }

    /// <summary>In a container, or in another namespace of processes, nobody sees a running application's process; its data were deleted.</summary>
    [Fact]
    public void Leftovers_OfARunWhoseProcessCannotBeSeen_AreNotDeletedWhileItHoldsThem()
    {
        using var state = new StateDirectory(_appHost, keepVolumes: false);
        var runs = Path.GetDirectoryName(Path.GetDirectoryName(state.Scratch("valkey"))!)!;
        var unseen = Path.Combine(runs, string.Create(CultureInfo.InvariantCulture, $"{NoProcess}-2-{RandomNumberGenerator.GetHexString(4, lowercase: true)}"));
        using (new FileStream(unseen + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            Directory.CreateDirectory(Path.Combine(unseen, "postgres", "data"));
            state.DeleteLeftovers();
            Assert.True(Directory.Exists(unseen));
        }

        state.DeleteLeftovers();

        Assert.False(Directory.Exists(unseen));
        Assert.False(File.Exists(unseen + ".lock"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_IsHeldWhileItLasts_AndLeavesNothing(bool isOfAVolume)
    {
        string path, held;
        using (var state = new StateDirectory(_appHost, keepVolumes: false))
        {
            path = isOfAVolume ? Path.GetDirectoryName(Path.GetDirectoryName(state.Volume("data"))!)! : Path.GetDirectoryName(state.Scratch("valkey"))!;
            held = path + ".lock";
            Assert.Throws<IOException>(() => new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose());
        }

        Assert.False(Directory.Exists(path));
        Assert.False(File.Exists(held));
    }

    // The application's directory is two above its volumes.
    private string Kept(StateDirectory state, string name)
    {
        var path = state.Volume(name);
        _created.Add(Path.GetDirectoryName(Path.GetDirectoryName(path)!)!);
        return path;
    }
}
