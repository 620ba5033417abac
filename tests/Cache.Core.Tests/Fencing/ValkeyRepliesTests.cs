using Cache.Core.Fencing;
using Cache.Core.Valkey.Resp;
using Cache.Core.Valkey.Scripting;
using StackExchange.Redis;

namespace Cache.Core.Tests.Fencing;

/// <summary>What the fence asks of Valkey and makes of its replies, without a server.</summary>
public sealed class ValkeyRepliesTests
{
    private static readonly RespValue Nothing = RespValue.Null;

    /// <summary>Whatever is wrong here the script makes good, at twice the cost: so nothing else would show it.</summary>
    [Fact]
    public void Read_IsThreeCommandsInOneWrite()
    {
        var builder = new RespBuilder(ValkeyFence.ReadSize("k"));

        ValkeyFence.AddRead(ref builder, "k");

        Assert.Equal(
            "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n*2\r\n$4\r\nPTTL\r\n$1\r\nk\r\n*5\r\n$5\r\nHMGET\r\n$9\r\nfence:{k}\r\n$1\r\nr\r\n$1\r\nd\r\n$2\r\ndr\r\n",
            System.Text.Encoding.UTF8.GetString(builder.Written.ToArray()));
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(1500, 1500)]
    public void Hit_OfAValue_TellsItsRemainingLife_AndWhatItsFenceSays(long reply, int? remaining)
    {
        Assert.True(ValkeyFence.TryHit([Text("v"), RespValue.OfNumber(reply), Fields(Text("7"), Text("suspended"), Text("6"))], out var note));

        Assert.Equal("v"u8.ToArray(), note.Value);
        Assert.Equal(remaining is { } left ? TimeSpan.FromMilliseconds(left) : null, note.Remaining);
        Assert.Equal((7L, "suspended", 6L), (note.Revision, note.Denial, note.DenialRevision));
        Assert.Equal((false, false, false, null), (note.IsLeased, note.IsLeasedElsewhere, note.IsAbsent, note.Generation));
    }

    [Fact]
    public void Hit_WithoutAFence_IsOne()
    {
        Assert.True(ValkeyFence.TryHit([Text("v"), RespValue.OfNumber(5), Fields(Nothing, Nothing, Nothing)], out var note));

        Assert.Equal((null, null, null), (note.Revision, note.Denial, note.DenialRevision));
    }

    [Fact]
    public void Hit_OfAnythingElse_IsNone()
    {
        var (value, left, fence) = (Text("v"), RespValue.OfNumber(5), Fields(Nothing, Nothing, Nothing));
        RespValue[][] others =
        [
            [Nothing, left, fence],
            [RespValue.OfError("WRONGTYPE"), left, fence],
            [value, RespValue.OfNumber(-2), fence], // it has ended in between
            [value, RespValue.OfError("ERR"), fence],
            [value, left, RespValue.OfError("WRONGTYPE")],
            [value, left, RespValue.OfItems(RespKind.List, [Nothing, Nothing])],
            [value, left],
            [],
        ];

        Assert.All(others, replies =>
        {
            Assert.False(ValkeyFence.TryHit(replies, out var note));
            Assert.Equal(default, note);
        });
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, 0)]
    [InlineData(1500, 1500)]
    public void Note_OfAValue_HasNoGeneration_SinceNobodyFetches(long reply, int? remaining)
    {
        var note = ValkeyFence.NoteOf(Reply(value: Text("v"), remaining: reply, generation: Text("g"), revision: Text("7")), "me");

        Assert.Equal("v"u8.ToArray(), note.Value);
        Assert.Equal(remaining is { } left ? TimeSpan.FromMilliseconds(left) : null, note.Remaining);
        Assert.Equal((null, 7L), (note.Generation, note.Revision));
    }

    [Fact]
    public void Note_WithoutAValue_HasAGeneration_AndNoRemainingLife()
    {
        var note = ValkeyFence.NoteOf(Reply(generation: Text("g"), denial: Text(string.Empty), denialRevision: Text("3")), "me");

        Assert.Equal((null, null, "g"), (note.Value, note.Remaining, note.Generation));
        Assert.Equal((null, string.Empty, 3L), (note.Revision, note.Denial, note.DenialRevision));
        Assert.Null(ValkeyFence.NoteOf(Reply(), "me").Denial);
    }

    [Theory]
    [InlineData("me", 1, null, true, false, false)]
    [InlineData("me", 0, null, false, false, false)]
    [InlineData("me", 0, "me", true, false, false)]
    [InlineData("!me", 0, "me", true, false, false)]
    [InlineData("me", 0, "another", false, true, false)]
    [InlineData("!me", 0, "another", false, true, false)]
    [InlineData("me", 0, "-", false, false, true)]
    [InlineData("", 0, "-", false, false, true)]
    [InlineData("", 0, "another", false, true, false)]
    [InlineData("", 0, null, false, false, false)]
    public void Note_TellsWhoseTheLeaseIs(string owner, int acquired, string? holder, bool isLeased, bool isElsewhere, bool isAbsent)
    {
        var note = ValkeyFence.NoteOf(Reply(acquired: acquired, holder: holder is null ? Nothing : Text(holder)), owner);

        Assert.Equal((isLeased, isElsewhere, isAbsent), (note.IsLeased, note.IsLeasedElsewhere, note.IsAbsent));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-5_000, 0)]
    [InlineData(0.2, 1)] // zero would be for ever, or not at all
    [InlineData(1.9, 1)]
    [InlineData(30_000, 30_000)]
    public void Lifetimes_AreWholeMilliseconds_AndNoneIsRoundedToNothing(double milliseconds, long sent)
    {
        var life = TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond));

        var (keys, arguments) = ValkeyFence.NoteRun("k", life, "me", life * 2);

        Assert.Equal(["k", "fence:{k}", "lease:{k}"], keys);
        Assert.Equal(sent, (long)arguments[1].ToRedis());
        Assert.Equal("me", arguments[2].ToRedis());
        Assert.True((long)arguments[3].ToRedis() >= 2 * (long)milliseconds || milliseconds <= 0);
    }

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("9007199254740993", 9007199254740993L)]
    [InlineData("-1", null)]
    [InlineData("1.5", null)]
    [InlineData("", null)]
    [InlineData("x", null)]
    public void Revision_ThatIsNone_CountsAsNone(string stored, long? revision) => Assert.Equal(revision, ValkeyFence.Revision(Text(stored)));

    [Fact]
    public void Argument_IsTheSameOverBothWays_AndNoLongerThanItSays()
    {
        ScriptArgument[] arguments = ["", "a", "\u20ac\u20ac", long.MaxValue, long.MinValue, 0, (ReadOnlyMemory<byte>)new byte[] { 0, 255, 13, 10 }, ReadOnlyMemory<byte>.Empty];
        foreach (var argument in arguments)
        {
            var builder = new RespBuilder(0);
            argument.AddTo(ref builder);
            var bytes = (byte[])argument.ToRedis()!;
            Assert.Equal([.. System.Text.Encoding.UTF8.GetBytes($"${bytes.Length}\r\n"), .. bytes, .. "\r\n"u8], builder.Written.ToArray());
            Assert.InRange(bytes.Length, 0, argument.Size);
            Assert.True(argument.Size <= Math.Max(20, bytes.Length * 3));
        }
    }

    [Fact]
    public void Answer_OfTheLibrary_IsAsTheDirectWayHasIt()
    {
        var list = ScriptAnswer.Of(FenceScript.Note, RedisResult.Create([RedisResult.Create("v", ResultType.BulkString), RedisResult.Create(12), RedisResult.Create(1), RedisResult.Create(RedisValue.Null)]));

        Assert.Equal((RespKind.List, 4), (list.Kind, list.Items.Count));
        Assert.Equal(("v", RespKind.Text), (list.Items[0].Text, list.Items[0].Kind));
        Assert.Equal((12L, 1L, RespKind.Number), (list.Items[1].Number, list.Items[2].Number, list.Items[2].Kind));
        Assert.Equal(RespKind.Null, list.Items[3].Kind);

        Assert.Equal("stored", ScriptAnswer.Of(FenceScript.Store, RedisResult.Create("stored", ResultType.SimpleString)).Text);
        Assert.Equal(RespKind.Null, ScriptAnswer.Of(FenceScript.Store, RedisResult.Create(RedisValue.Null)).Kind);
    }

    private static RespValue Text(string text) => RespValue.OfBlob(System.Text.Encoding.UTF8.GetBytes(text));

    private static RespValue Fields(params RespValue[] fields) => RespValue.OfItems(RespKind.List, fields);

    private static RespValue Reply(
        RespValue? value = null,
        long remaining = 0,
        int acquired = 0,
        RespValue? generation = null,
        RespValue? revision = null,
        RespValue? denial = null,
        RespValue? denialRevision = null,
        RespValue? holder = null) => Fields(
            value ?? Nothing,
            RespValue.OfNumber(remaining),
            RespValue.OfNumber(acquired),
            generation ?? Nothing,
            revision ?? Nothing,
            denial ?? Nothing,
            denialRevision ?? Nothing,
            holder ?? Nothing);
}
