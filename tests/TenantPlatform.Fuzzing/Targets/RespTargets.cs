using Cache.Core.Coherence.Channels;
using Cache.Core.Fencing;
using Cache.Core.Valkey;
using Cache.Core.Valkey.Resp;

namespace TenantPlatform.Fuzzing.Targets;

/// <summary>What a server says, and what is made of it.</summary>
internal static class RespTargets
{
    private const int MostReplies = 64;
    private const int NoteParts = 8;
    private static readonly PubSubProtocol PubSub = new(new ValkeyOptions(), ["a:", "b:"]);
    private static readonly TrackingProtocol Tracking = new(new ValkeyOptions(), ["a:", "b:"]);

    /// <summary>The reader by itself: the same values however the bytes are dealt out, and written anew they are read the same.</summary>
    public static void Reader(byte[] input)
    {
        var (size, bytes) = Bytes.Head(input);
        var values = ReadAll(bytes, bytes.Length);
        var dealt = ReadAll(bytes, 1 + (size % 16));
        Finding.Unless(values.Count == dealt.Count && values.Zip(dealt).All(static pair => AreSame(pair.First, pair.Second)), "what is read does not depend on how it came");
        foreach (var value in values.Where(IsOfRespTwo))
        {
            var builder = new RespBuilder(64);
            builder.Value(value);
            var again = ReadAll(builder.Written.ToArray(), builder.Written.Length);
            Finding.Unless(again.Count == 1 && AreSame(value, again[0]), "a value is read as it was written");
        }
    }

    /// <summary>Replies and messages: topology, changes of keys, fences.</summary>
    public static void Replies(byte[] input)
    {
        var replies = ReadAll(input, input.Length);
        foreach (var reply in replies)
        {
            Allowing(() => ClusterSlots.Primaries(reply, "host"));
            Allowing(() => ClusterSlots.BySlot(reply, "host"));
            var heard = new Listener();
            Tracking.TryTell(reply, heard);
            PubSub.TryTell(reply, heard);
            Finding.Unless(reply.ErrorCode.Length is > 0 and <= 16, "an error's code is a word");
            if (reply.Items.Count == NoteParts)
                Check(ValkeyFence.NoteOf(reply, "owner"));
        }

        if (replies.Count >= ValkeyFence.ReadReplies && ValkeyFence.TryHit([.. replies.Take(ValkeyFence.ReadReplies)], out var note))
            Check(note);
        if (replies.Count >= 4)
            Check(FencePeek.Of([.. replies.Take(4)]));
    }

    /// <summary>What <c>INFO</c> says.</summary>
    public static void Info(byte[] input)
    {
        var told = ServerInfo.Parse("host:1", Bytes.Text(input));
        Finding.Unless(told is { Keys: >= 0, UsedBytes: >= 0, Hits: >= 0, Misses: >= 0 }, "nothing is counted below zero");
    }

    private static void Check(FenceNote note)
    {
        Finding.Unless(note.Remaining is null || note.Remaining >= TimeSpan.Zero, "what remains is not below zero");
        Finding.Unless(note.Revision is null or >= 0 && note.DenialRevision is null or >= 0, "a revision is not below zero");
    }

    private static List<RespValue> ReadAll(byte[] bytes, int atOnce)
    {
        var reader = new RespReader(new DealtStream(bytes, atOnce));
        var values = new List<RespValue>();
        try
        {
            while (values.Count < MostReplies)
                values.Add(Now(reader.ReadAsync(CancellationToken.None)));
        }
        catch (RespProtocolException)
        {
            // As documented, at the end too.
        }

        return values;
    }

    private static void Allowing(Action read)
    {
        try
        {
            read();
        }
        catch (RespProtocolException)
        {
            // As documented.
        }
    }

    private static T Now<T>(ValueTask<T> read) => read.IsCompleted ? read.GetAwaiter().GetResult() : throw new Finding("a reader that has everything waits");

    private static bool IsOfRespTwo(RespValue value) => value.Kind is not (RespKind.Map or RespKind.Push)
        && (value.Kind != RespKind.Error || !value.Text.AsSpan().ContainsAny('\r', '\n')) && value.Items.All(IsOfRespTwo);

    private static bool AreSame(RespValue one, RespValue other) =>
        one.Kind == other.Kind && one.Text == other.Text && one.Number == other.Number && one.Items.Count == other.Items.Count && one.Items.Zip(other.Items).All(static pair => AreSame(pair.First, pair.Second));

    private sealed class Listener : IChannelListener
    {
        public void Changed(string valueKey)
        {
            ArgumentNullException.ThrowIfNull(valueKey);
        }

        public void Flushed()
        {
        }

        public void Renewed(ChannelConnection connection, long sentAt)
        {
        }
    }
}
