using Cache.Core.Valkey.Resp;
using FsCheck;
using FsCheck.Fluent;

namespace Cache.Core.Tests.Valkey.Resp;

/// <summary>Whatever arrives, in whatever pieces: a value or our exception, soon and in bounded memory.</summary>
public sealed class RespFuzzTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    // A small ceiling, so that a breach shows: 64 kB of text, 200 kB a message.
    private static readonly RespLimits Small = new() { Text = 64 * 1024, Values = 2000, Message = 200_000, Depth = 8 };

    [Fact]
    public void Read_AnyTreeInAnyPieces_IsReadAsSent() =>
        Holds(seed =>
        {
            var (wire, expected) = RespTree.Random(seed, push: seed % 3 == 0);
            var reader = new RespReader(new ChoppedStream([.. wire, .. wire], seed, largest: 1 + (seed & 0xfff)));
            return RespTree.Same(expected, Complete(reader)!) && RespTree.Same(expected, Complete(reader)!) && Complete(reader) is null;
        });

    [Fact]
    public void Read_TruncatedTree_EndsInOurError() =>
        Holds(seed =>
        {
            var (wire, _) = RespTree.Random(seed);
            return Complete(new RespReader(new ChoppedStream(wire[..new Random(seed).Next(wire.Length)], seed))) is null;
        });

    [Fact]
    public void Read_MutatedTree_EndsInBounds() =>
        Holds(seed =>
        {
            var random = new Random(seed);
            var wire = RespTree.Random(seed).Wire;
            for (var i = random.Next(1, 6); i > 0; i--)
                wire[random.Next(wire.Length)] = random.Next(3) == 0 ? (byte)"0123456789*$>%|\r\n-"[random.Next(18)] : (byte)random.Next(256);
            return InBounds(wire, seed);
        });

    [Fact]
    public void Read_AnyBytes_EndsInBounds() =>
        Prop.ForAll<byte[]>(bytes => InBounds(bytes, bytes.Length)).QuickCheckThrowOnFailure();

    private static bool InBounds(byte[] wire, int seed)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reader = new RespReader(new ChoppedStream(wire, seed, largest: 1000), Small);
        for (var messages = 0; Complete(reader) is not null; messages++)
        {
            if (messages > wire.Length)
                return false; // values out of nothing
        }

        // Memory follows what arrived: twice for the buffer, once for texts, and the objects that hold them.
        return GC.GetAllocatedBytesForCurrentThread() - before < 300_000 + (200L * wire.Length);
    }

    /// <summary>The next value, null for our exception. The stream never waits, so the read ends on this thread or is a hang.</summary>
    private static RespValue? Complete(RespReader reader)
    {
        var reading = reader.ReadAsync(default).AsTask();
        try
        {
            return reading.Wait(Limit) ? reading.Result : throw new TimeoutException("The reader hangs.");
        }
        catch (AggregateException exception) when (exception.InnerException is RespProtocolException)
        {
            return null;
        }
    }

    private static void Holds(Func<int, bool> holds) =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), holds));
}
