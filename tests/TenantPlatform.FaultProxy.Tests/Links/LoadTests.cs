using System.Net.Sockets;
using System.Security.Cryptography;
using TenantPlatform.FaultProxy.Faults;
using TenantPlatform.FaultProxy.Tests.Sockets;
using TenantPlatform.TestKit;

namespace TenantPlatform.FaultProxy.Tests.Links;

/// <summary>Much at once: integrity, leaks, stop.</summary>
public sealed class LoadTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task BigTransfer_UnderJitterAndChangingFaults_ArrivesWhole()
    {
        const int size = 24 * 1024 * 1024;
        await using var target = new TargetServer();
        await using var link = new LinkUnderTest(target.Port);
        var payload = RandomNumberGenerator.GetBytes(size);
        using var wire = await link.ConnectAsync();
        link.Set(FaultKind.Slow, fault => fault with { Latency = TimeSpan.FromMilliseconds(3), Jitter = TimeSpan.FromMilliseconds(3) });
        var sending = Task.Run(() => wire.SendAsync(payload));

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        var (received, step) = (0, 0);
        while (received < size)
        {
            var read = await wire.ReceiveAsync(buffer.AsMemory());
            Assert.NotEqual(0, read);
            hash.AppendData(buffer, 0, read);
            received += read;
            if (received * 8L / size <= step)
                continue;

            // None of these loses a byte; each change meets bytes on their way.
            switch (++step % 4)
            {
                case 0:
                    link.Set(FaultKind.Slow, fault => fault with { Latency = TimeSpan.FromMilliseconds(2), Jitter = TimeSpan.FromMilliseconds(2) });
                    break;
                case 1:
                    link.Set(FaultKind.Bandwidth, fault => fault with { BytesPerSecond = 200_000_000 });
                    break;
                case 2:
                    link.Set(FaultKind.HalfOpen, fault => fault with { Direction = Directions.ToClient });
                    link.Link.Heal();
                    break;
                default:
                    link.Set(FaultKind.Slow, fault => fault with { Latency = TimeSpan.FromMilliseconds(1) });
                    break;
            }
        }

        await sending;
        Assert.Equal(Convert.ToHexString(SHA256.HashData(payload)), Convert.ToHexString(hash.GetHashAndReset()));
    }

    [Fact]
    public async Task ThousandsOfConnections_LeaveNothingBehind()
    {
        await using var target = new TargetServer();
        await using var link = new LinkUnderTest(target.Port);
        using (var first = await link.ConnectAsync())
            await first.EchoAsync("warm");
        await Eventually.HoldsAsync("the first connection is gone", () => link.Link.OpenConnections == 0);
        var before = OpenSockets();
        Assert.True(before > 0 || !OperatingSystem.IsLinux(), "no open socket is seen, not even the one that listens");
        const int total = 3000;
        await Parallel.ForAsync(0, total, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (number, _) =>
        {
            using var wire = await link.ConnectAsync();
            var text = $"connection {number}";
            Assert.Equal(text, await wire.EchoAsync(text));
        });
        await Eventually.HoldsAsync("every connection is gone", () => link.Link.OpenConnections == 0);
        Assert.Equal(total + 1, link.Link.Counters.Accepted);
        await Eventually.BecomesAsync("their sockets are closed", () => Task.FromResult(OpenSockets()), now => now < before + 100);
    }

    [Fact]
    public async Task FaultsChangingUnderLoad_EveryConnectionEndsOrAnswersRightly()
    {
        await using var target = new TargetServer();
        await using var link = new LinkUnderTest(target.Port);
        using var over = new CancellationTokenSource();
        var answered = 0L;
        var clients = Enumerable.Range(0, 32).Select(number => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                try
                {
                    using var wire = await link.ConnectAsync();
                    for (var i = 0; i < 50 && !over.IsCancellationRequested; i++)
                    {
                        var text = $"{number}:{i}";
                        Assert.Equal(text, await wire.EchoAsync(text));
                        Interlocked.Increment(ref answered);
                    }
                }
                catch (Exception exception) when (exception is SocketException or EndOfStreamException)
                {
                    // Broken on purpose.
                }
            }
        })).ToArray();
        for (var round = 0; round < 60; round++)
        {
            FaultKind[] kinds = [FaultKind.Cut, FaultKind.Reset, FaultKind.Blackhole, FaultKind.Slow];
            link.Set(kinds[round % kinds.Length], fault => fault with { Latency = TimeSpan.FromMilliseconds(1), Share = round % 2 == 0 ? 1 : 0.5 });
            link.Link.Heal();
            var soFar = Interlocked.Read(ref answered);
            await Eventually.HoldsAsync("answers after healing", () => Interlocked.Read(ref answered) > soFar);
        }

        await over.CancelAsync();
        await Task.WhenAll(clients);
        await Eventually.HoldsAsync("every connection is gone", () => link.Link.OpenConnections == 0);
    }

    [Theory]
    [InlineData(nameof(FaultKind.None))]
    [InlineData(nameof(FaultKind.Slow))]
    [InlineData(nameof(FaultKind.Blackhole))]
    [InlineData(nameof(FaultKind.HalfOpen))]
    public async Task Stop_UnderLoad_EndsEveryConnectionInTime(string name)
    {
        var kind = Enum.Parse<FaultKind>(name);
        await using var target = new TargetServer();
        await using var link = new LinkUnderTest(target.Port);
        var wires = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => link.ConnectAsync()));
        foreach (var wire in wires)
            await wire.EchoAsync("x");
        if (kind != FaultKind.None)
            link.Set(kind, fault => fault with { Latency = TimeSpan.FromSeconds(30), Direction = kind == FaultKind.HalfOpen ? Directions.ToClient : Directions.Both });
        var chunk = new byte[8 * 1024];
        var clients = wires.Select(wire => Task.Run(async () =>
        {
            var reading = wire.EndAsync();
            try
            {
                while (!reading.IsCompleted)
                    await wire.SendAsync(chunk);
            }
            catch (SocketException)
            {
            }

            return await reading;
        })).ToArray();
        if (kind == FaultKind.None)
            await Eventually.HoldsAsync("load", () => link.Link.Counters.ToClient > 1_000_000);

        await link.Link.StopAsync(CancellationToken.None).WaitAsync(Limit);
        await Eventually.HoldsAsync("no connection is left", () => link.Link.OpenConnections == 0);
        await Task.WhenAll(clients).WaitAsync(Limit);
        await Assert.ThrowsAsync<SocketException>(link.ConnectAsync);
        foreach (var wire in wires)
            wire.Dispose();
    }

    // Sockets alone: each assembly that a test beside this one loads is an open handle too, and stays one.
    private static int OpenSockets() =>
        OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Count(IsSocket) : 0;

    private static bool IsSocket(string handle)
    {
        try
        {
            return new FileInfo(handle).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
