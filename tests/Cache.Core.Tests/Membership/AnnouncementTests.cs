using System.Collections.Concurrent;
using Cache.Core.Membership;
using Cache.Core.Valkey;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Membership;

/// <summary>When a process says that it is there, in time that moves only when a test says so.</summary>
public sealed class AnnouncementTests : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly FakeTimeProvider _time = new();
    private readonly LogCollector _logs = new();
    private readonly Words _words = new();
    private readonly Lifetime _lifetime = new();
    private readonly AnnouncementService _service;
    private readonly List<bool> _heard = [];

    public AnnouncementTests() => _service = new AnnouncementService(
        _words,
        new Announcement
        {
            Group = "g",
            Name = "n",
            Interval = Interval,
            Value = (heard, _) =>
            {
                _heard.Add(heard);
                return ValueTask.FromResult<ReadOnlyMemory<byte>>("x"u8.ToArray());
            },
        },
        _lifetime,
        _time,
        _logs.CreateLogger<AnnouncementService>());

    [Fact]
    public async Task Process_SaysItOnceItHasStarted_AndThenOncePerInterval_GiveOrTakeATenth()
    {
        await _service.StartAsync(CancellationToken.None);
        Assert.Empty(_words.Said);

        await _lifetime.Started.CancelAsync();
        await SaidAsync(1);
        for (var n = 2; n <= 4; n++)
        {
            await _time.WaitForTimersAsync();
            Assert.True(_time.IsTimingWithin(Interval * 1.1) && !_time.IsTimingWithin(Interval * 0.89));
            _time.Advance(Interval * 1.1);
            await SaidAsync(n);
        }

        Assert.All(_words.Said, word => Assert.Equal(("g", "n", Interval * 3), word));
    }

    [Fact]
    public async Task Valkey_Away_IsOneLine_AndOneWhenItIsBack()
    {
        _words.IsAway = true;
        await StartAsync();
        for (var n = 0; n < 5; n++)
            await NextAsync();
        await _time.WaitForTimersAsync();
        Assert.Single(_logs.Lines);

        _words.IsAway = false;
        await NextAsync();
        await SaidAsync(1);
        await _time.WaitForTimersAsync();

        Assert.Equal(2, _logs.Lines.Count);
        Assert.DoesNotContain(_logs.Lines, line => line.Level > LogLevel.Information);

        // Nobody goes to lengths for what is not heard.
        Assert.Equal([true, false, false, false, false, false, false], _heard);
    }

    [Fact]
    public async Task Process_ThatStops_TakesItBack()
    {
        await StartAsync();
        await SaidAsync(1);
        await _time.WaitForTimersAsync();

        await _service.StopAsync(CancellationToken.None);

        Assert.Equal(1, _words.Withdrawn);
    }

    [Fact]
    public async Task Process_ThatStopsWithoutHavingBeenHeard_AsksNobody()
    {
        _words.IsAway = true;
        await StartAsync();
        await _time.WaitForTimersAsync();

        await _service.StopAsync(CancellationToken.None);

        Assert.Equal(0, _words.Withdrawn);
    }

    [Theory]
    [InlineData("http://localhost:5000", "http://localhost:5000")]
    [InlineData("http://127.0.0.1:5000/", "http://127.0.0.1:5000")]
    [InlineData("http://[::1]:80", "http://[::1]:80")]
    [InlineData("http://[::]:8080", "http://MACHINE:8080")]
    [InlineData("https://0.0.0.0:8443", "https://MACHINE:8443")]
    [InlineData("http://+:80", "http://MACHINE:80")]
    [InlineData("http://*:80", "http://MACHINE:80")]
    public void Address_OfAnyAddress_IsTheMachines(string listening, string told) =>
        Assert.Equal(told.Replace("MACHINE", Environment.MachineName.ToLowerInvariant(), StringComparison.Ordinal), ProcessIdentity.Named(listening));

    [Fact]
    public void Names_OfProcesses_AreAllDifferent_AndCanBeKeys()
    {
        Assert.NotEqual(ProcessIdentity.NewName(), ProcessIdentity.NewName());
        Assert.DoesNotContain(':', ProcessIdentity.NewName());
    }

    public async ValueTask DisposeAsync()
    {
        await _service.StopAsync(CancellationToken.None);
        _service.Dispose();
        _lifetime.Dispose();
        _logs.Dispose();
    }

    private async Task StartAsync()
    {
        await _lifetime.Started.CancelAsync();
        await _service.StartAsync(CancellationToken.None);
    }

    private async Task NextAsync()
    {
        await _time.WaitForTimersAsync();
        _time.Advance(Interval * 1.1);
    }

    private Task SaidAsync(int count) => Eventually.HoldsAsync($"word {count}", () => _words.Said.Count == count);

    private sealed class Words : IMembership
    {
        private int _withdrawn;

        public ConcurrentQueue<(string Group, string Name, TimeSpan TimeToLive)> Said { get; } = [];

        public bool IsAway { get; set; }

        public int Withdrawn => Volatile.Read(ref _withdrawn);

        public ValueTask AnnounceAsync(string group, string name, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken = default)
        {
            if (IsAway)
                throw new CacheUnavailableException("SET failed.");
            Said.Enqueue((group, name, timeToLive));
            return ValueTask.CompletedTask;
        }

        public ValueTask WithdrawAsync(string group, string name, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _withdrawn);
            return ValueTask.CompletedTask;
        }

        public ValueTask<IReadOnlyList<Member>> ReadAsync(string group, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        public CancellationTokenSource Started { get; } = new();

        public CancellationToken ApplicationStarted => Started.Token;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }

        public void Dispose() => Started.Dispose();
    }
}
