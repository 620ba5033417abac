using Cache.Core.Snapshots;
using Cache.Core.Tests.Tiered;
using Microsoft.Extensions.Logging;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Snapshots;

/// <summary>F9: when the file is written and how, and what becomes of one that cannot be read.</summary>
public sealed class SnapshotWritingTests : SnapshotRig
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Changes_AreGathered_ThenWritten_AndHitsWriteNothing()
    {
        Answers("7");
        await using var cache = Start();
        await Look(cache, "a");
        await Look(cache, "b");
        await Eventually.HoldsAsync("it gathers", () => Time.IsTiming(Interval));
        Time.Advance(Interval - TimeSpan.FromSeconds(1));
        Assert.False(System.IO.File.Exists(File));

        Time.Advance(TimeSpan.FromSeconds(1));
        await WrittenAsync();
        System.IO.File.Delete(File);
        for (var n = 0; n < 1000; n++)
            await Look(cache, "a");

        Assert.False(Time.IsTiming(Interval));
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task Revocation_IsWrittenAtOnce_AndWithinASecondOfTheLastWrite()
    {
        Denies();
        await using var cache = Start();
        await Look(cache, "a");
        await WrittenAsync();

        System.IO.File.Delete(File);
        await Look(cache, "b");
        await Eventually.HoldsAsync("it waits for a second", () => Time.IsTimingWithin(TimeSpan.FromSeconds(1)));
        Assert.False(System.IO.File.Exists(File));
        Time.Advance(TimeSpan.FromSeconds(1));
        await WrittenAsync();
    }

    [Fact]
    public async Task SyncDisposal_WritesToo()
    {
        Answers("7");
        using (var before = Start())
            await Look(before);
        BothAway();
        using var cache = Start();

        Assert.Equal(CacheSource.LastKnownGood, (await Look(cache)).Source);
    }

    [Fact]
    public async Task File_IsThisUsersAlone_HasNothingInTheClear_AndNothingIsLeftBesideIt()
    {
        Answers("a secret value");
        await using (var cache = Start())
            await Look(cache, "a telling key");

        var text = System.Text.Encoding.Latin1.GetString(await System.IO.File.ReadAllBytesAsync(File));
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("telling", text, StringComparison.Ordinal);
        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public async Task TornWrite_BesideTheFile_LeavesTheOneBefore()
    {
        await WriteOneAsync();
        await System.IO.File.WriteAllBytesAsync(File + ".new", [1, 2, 3]);
        BothAway();

        await using var cache = Start();

        Assert.Equal("7", (await Look(cache)).Value);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("changed")]
    [InlineData("empty")]
    [InlineData("garbage")]
    public async Task UnreadableFile_TheStartGoesOn_OneWarningNamesTheSetting_AndItIsWrittenAnew(string how)
    {
        await WriteOneAsync();
        var bytes = await System.IO.File.ReadAllBytesAsync(File);
        bytes[^1] ^= 1;
        await System.IO.File.WriteAllBytesAsync(File, how switch { "cut" => bytes[..20], "changed" => bytes, "empty" => [], _ => new byte[5000] });

        await UnreadableAsync("CACHE_LAST_KNOWN_GOOD_");
    }

    [Fact]
    public async Task WrongKey_TheStartGoesOn_OneWarningNamesTheSetting_AndItIsWrittenAnew()
    {
        await WriteOneAsync();
        Keys = NewKeys("k1");

        await UnreadableAsync(LastKnownGoodSettings.EncryptionKeys);
    }

    [Fact]
    public async Task KeyThatIsGone_TheStartGoesOn_OneWarningNamesTheSetting_AndItIsWrittenAnew()
    {
        await WriteOneAsync();
        Keys = NewKeys("k2");

        await UnreadableAsync(LastKnownGoodSettings.EncryptionKeys);
    }

    [Fact]
    public async Task WithoutKeys_TheStartGoesOn_OneWarningNamesTheSetting_AndNothingIsWritten()
    {
        Answers("7");
        Keys = string.Empty;
        await using (var cache = Start())
            await Look(cache);

        Assert.False(System.IO.File.Exists(File));
        Assert.Contains(LastKnownGoodSettings.EncryptionKeys, Assert.Single(Warnings()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RotatedKeys_TheOldOneReads_TheNewOneWrites()
    {
        await WriteOneAsync();
        var old = Keys;
        var young = NewKeys("k2");
        Keys = $"{young},{old}";
        await using (var cache = Start())
        {
            Answers("8");
            await Look(cache, "another");
        }

        Keys = young;
        BothAway();
        await using var again = Start();

        Assert.Equal("7", (await Look(again)).Value);
        Assert.Equal("8", (await Look(again, "another")).Value);
    }

    [Fact]
    public async Task AnotherCachesFile_IsNotRead()
    {
        await WriteOneAsync();
        BothAway();

        await using var cache = Start(prefix: "other:");

        await IsRefused(cache);
    }

    [Fact]
    public async Task Bounded_DenialsFirst_ThenWhatWasProvenLast()
    {
        await using (var cache = Start(kept => kept.MaxEntries = 3))
        {
            Denies();
            await Look(cache, "denied");
            Answers("7");
            foreach (var key in (string[])["a", "b", "c", "d"])
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                await Look(cache, key);
            }
        }

        BothAway();
        await using var again = Start();

        Assert.Equal(FetchOutcome.Denied, (await Look(again, "denied")).Outcome);
        await IsRefused(again, "a");
        await IsRefused(again, "b");
        Assert.Equal("7", (await Look(again, "c")).Value);
        Assert.Equal("7", (await Look(again, "d")).Value);
    }

    [Fact]
    public async Task Bounded_InBytes_WhatIsTooLargeIsLeftOut()
    {
        await using (var cache = Start(kept => kept.MaxSize = 4096))
        {
            Answers(new string('x', 5000));
            await Look(cache, "large");
            Answers("7");
            await Look(cache, "small");
        }

        Assert.True(new FileInfo(File).Length < 4096 + 1024);
        BothAway();
        await using var again = Start();
        await IsRefused(again, "large");
        Assert.Equal("7", (await Look(again, "small")).Value);
    }

    [Fact]
    public async Task CannotBeWritten_OneWarning_TheCacheGoesOn_AndItIsTriedAgain()
    {
        Answers("7");
        var directory = Path.GetDirectoryName(File)!;
        await System.IO.File.WriteAllTextAsync(directory, "a file where the directory should be");
        await using var cache = Start();
        await Look(cache);

        await Eventually.HoldsAsync("a warning", () =>
        {
            Time.Advance(Interval);
            return Warnings().Count > 0;
        });
        System.IO.File.Delete(directory);
        await Eventually.HoldsAsync("it is written", () =>
        {
            Time.Advance(Interval);
            return System.IO.File.Exists(File);
        });

        Assert.Contains(LastKnownGoodSettings.Path, Assert.Single(Warnings()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OutOfRange_AreRefusedByName()
    {
        var fault = Assert.Throws<InvalidOperationException>(() => Start(kept => kept.MaxAge = TimeSpan.Zero));

        Assert.Contains("LastKnownGood.MaxAge", fault.Message, StringComparison.Ordinal);
    }

    private async Task WriteOneAsync()
    {
        Answers("7");
        await using var cache = Start();
        await Look(cache);
    }

    private async Task UnreadableAsync(string setting)
    {
        L2Anew();
        BothAway();
        await using (var cache = Start())
        {
            await IsRefused(cache);
            Assert.Contains(setting, Assert.Single(Warnings()).Message, StringComparison.Ordinal);
            Client.IsUnavailable = false;
            Answers("8");
            Rested();
            await Look(cache);
        }

        BothAway();
        await using var again = Start();
        Assert.Equal("8", (await Look(again)).Value);
    }

    private List<LogLine> Warnings() => [.. Logs.Lines.Where(line => line.Level == LogLevel.Warning && line.Message.Contains("last known good", StringComparison.Ordinal))];

    private Task WrittenAsync() => Eventually.HoldsAsync("it is written", () => System.IO.File.Exists(File));
}
