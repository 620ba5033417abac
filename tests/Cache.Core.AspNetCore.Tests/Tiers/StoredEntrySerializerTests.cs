using System.Buffers;
using Cache.Core.AspNetCore.Store;

namespace Cache.Core.AspNetCore.Tests.Tiers;

/// <summary>What is stored is used in sums: what would have none is no stored response, hence a miss.</summary>
public sealed class StoredEntrySerializerTests
{
    private static readonly StoredEntrySerializer Serializer = new();

    public static TheoryData<long, long, int> Unusable => new()
    {
        { -1, 0, 1 },
        { TimeSpan.MaxValue.Ticks, 0, 1 },
        { 0, -1, 1 },
        { 0, long.MaxValue, 1 },
        { 0, 0, -1 },
    };

    [Fact]
    public void Response_IsReadAsItWasWritten()
    {
        var read = Serializer.Deserialize(new ReadOnlySequence<byte>(Written(TimeSpan.TicksPerMinute, offset: 5, length: 7))).Response!;

        Assert.Equal((TimeSpan.FromMinutes(1), 12L), (read.InitialAge, Assert.Single(read.Body.Parts).End));
    }

    [Theory]
    [MemberData(nameof(Unusable))]
    public void Response_ThatCannotBeUsed_IsNone(long age, long offset, int length) =>
        Assert.Throws<InvalidDataException>(() => Serializer.Deserialize(new ReadOnlySequence<byte>(Written(age, offset, length))));

    private static byte[] Written(long age, long offset, int length)
    {
        var target = new ArrayBufferWriter<byte>();
        Serializer.Serialize(
            StoredEntry.Of(new StoredResponse
            {
                Status = 200,
                Fields = [],
                Body = new StoredBody([new BodyPart("id", offset, [length])], completeLength: null),
                RequestTime = DateTimeOffset.UnixEpoch,
                ResponseTime = DateTimeOffset.UnixEpoch,
                InitialAge = new TimeSpan(age),
                Lifetime = TimeSpan.FromMinutes(1),
                Rules = ReuseRules.None,
            }),
            target);
        return target.WrittenSpan.ToArray();
    }
}
