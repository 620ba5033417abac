using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TenantPlatform.Hosting.Telemetry.Otlp;
using TenantPlatform.Hosting.Telemetry.Store.Metrics;

namespace TenantPlatform.Hosting.Tests.Telemetry;

/// <summary>Whatever the bytes: a result within the limits, or the one exception that the receiver expects.</summary>
public sealed class DecodingTests
{
    private static readonly OtlpLimits Limits = new();
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private delegate void Decoder(ReadOnlySpan<byte> message, DecodingContext context);

    [Fact]
    public void Decode_OfAnyBytes_NeverFailsOtherwise() =>
        Prop.ForAll<byte[]>(bytes => DecodeAll(bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void Decode_OfMutatedMessages_NeverFailsOtherwise()
    {
        const int Seed = 20300101;
        var random = new Random(Seed);
        var whole = new[] { RichTrace(), RichLog(), RichMetrics() };
        for (var round = 0; round < 6000; round++)
        {
            var bytes = (byte[])whole[round % whole.Length].Clone();
            for (var change = random.Next(1, 8); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            Assert.True(DecodeAll(bytes), $"seed {Seed}, round {round}: {Convert.ToHexString(bytes)}");
        }
    }

    [Fact]
    public void Decode_OfEveryPrefix_IsRefusedOrReadInPart()
    {
        var message = RichTrace();
        for (var length = 0; length < message.Length; length++)
            Assert.True(DecodeAll(message[..length]));
        Assert.Single(TraceReader.Read(message, Context()));
    }

    [Fact]
    public void Decode_OfUnknownFields_SkipsThem()
    {
        var span = Messages.Span(1, 2).Varint(99, 7).Fixed64(100, 7).Text(101, "new").Fixed32(102, 7);
        var request = Messages.Request("ledger", "scope", span).Text(77, "later");

        var read = Assert.Single(TraceReader.Read(request.ToArray(), Context()));

        Assert.Equal("work", read.Name);
    }

    [Fact]
    public void Decode_OfManyAttributesAndLongTexts_KeepsWhatTheLimitsAllow()
    {
        var span = Messages.Span(1, 2, name: new string('n', 10_000));
        foreach (var number in Enumerable.Range(0, 500))
            span.Message(9, Messages.Attribute($"key{number}", number == 0 ? new string('ä', 100_000) : "value"));

        var read = Assert.Single(TraceReader.Read(Messages.Request("r", "s", span).ToArray(), Context()));

        Assert.Equal(Limits.MaxAttributes, read.Attributes.Length);
        Assert.Equal(Limits.MaxNameBytes + 1, read.Name.Length);
        Assert.Equal((Limits.MaxTextBytes / 2) + 1, ((string)read.Attributes[0].Value).Length);
        Assert.EndsWith("ä…", (string)read.Attributes[0].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_OfDeepNesting_IsCut()
    {
        var value = new ProtoWriter().Text(1, "deep");
        for (var depth = 0; depth < 5000; depth++)
            value = new ProtoWriter().Message(5, new ProtoWriter().Message(1, value));
        var span = Messages.Span(1, 2).Message(9, Messages.Attribute("nested", value));

        var read = Assert.Single(TraceReader.Read(Messages.Request("r", "s", span).ToArray(), Context()));

        Assert.Equal("""[[[[[[[["…"]]]]]]]]""", read.Attributes.Single().Value);
    }

    [Fact]
    public void Decode_OfTooManyRecords_IsRefused()
    {
        var items = Enumerable.Range(0, Limits.MaxRecords + 1).Select(_ => new ProtoWriter()).ToArray();
        var request = Messages.Request("r", "s", items).ToArray();

        Assert.Throws<MalformedMessageException>(() => LogReader.Read(request, Context()));
    }

    [Fact]
    public void Decode_OfSpansWithoutIds_LeavesThemOut()
    {
        var request = Messages.Request("r", "s", new ProtoWriter().Text(5, "no ids"), new ProtoWriter().Bytes(1, [1, 2]).Bytes(2, [3]));

        Assert.Empty(TraceReader.Read(request.ToArray(), Context()));
    }

    [Fact]
    public void Decode_OfAMap_IsJson()
    {
        var map = new ProtoWriter().Message(1, Messages.Attribute("a", new ProtoWriter().Varint(3, ulong.MaxValue)))
            .Message(1, Messages.Attribute("b", new ProtoWriter().Bytes(7, [1, 2, 3])));
        var log = Messages.Log("m").Message(6, Messages.Attribute("map", new ProtoWriter().Message(6, map)));

        var read = Assert.Single(LogReader.Read(Messages.Request("r", "s", log).ToArray(), Context()));

        Assert.Equal("""{"a":-1,"b":"AQID"}""", read.Attributes.Single().Value);
    }

    [Fact]
    public void Pool_OfTheSameText_GivesTheSameInstance()
    {
        var pool = new StringPool(generation: 16);
        var kept = pool.Get("http.route"u8);
        for (var number = 0; number < 1000; number++)
        {
            pool.Get(Encoding.UTF8.GetBytes($"text {number}"));
            Assert.Same(kept, pool.Get("http.route"u8));
        }
    }

    private static DecodingContext Context() => new(Limits, new StringPool());

    private static bool DecodeAll(byte[] bytes) =>
        Decodes((message, context) => TraceReader.Read(message, context), bytes)
        && Decodes((message, context) => LogReader.Read(message, context), bytes)
        && Decodes((message, context) => Exercise(MetricReader.Read(message, context)), bytes);

    private static bool Decodes(Decoder decode, byte[] bytes)
    {
        try
        {
            decode(bytes, Context());
            return true;
        }
        catch (MalformedMessageException)
        {
            return true;
        }
    }

    // What could be decoded must also be computable.
    private static void Exercise(List<MetricReport> reports)
    {
        foreach (var value in reports.SelectMany(report => report.Points).OfType<HistogramPoint>().Select(point => point.Value))
        {
            value.Percentile(0.99);
            value.Plus(value)?.Since(value)?.Percentile(0.5);
        }
    }

    private static byte[] RichTrace() => Messages.Request(
        "ledger",
        "scope",
        Messages.Span(1, 2, 3)
            .Message(9, Messages.Attribute("text", "value"))
            .Message(9, Messages.Attribute("list", new ProtoWriter().Message(5, new ProtoWriter().Message(1, new ProtoWriter().Double(4, 1.5)))))
            .Message(11, new ProtoWriter().Fixed64(1, 5).Text(2, "event").Message(3, Messages.Attribute("a", "b")))
            .Message(15, new ProtoWriter().Text(2, "bad").Varint(3, 2))).ToArray();

    private static byte[] RichLog() => Messages.Request(
        "ledger",
        "scope",
        Messages.Log("message").Message(6, Messages.Attribute("exception.type", "T")).Bytes(9, Messages.Id(0, 1)).Bytes(10, Messages.Id(2))).ToArray();

    private static byte[] RichMetrics()
    {
        var plain = new ProtoWriter().Fixed64(3, 9).Fixed64(4, 6).Double(5, 10).Packed(6, 1, 2, 3)
            .Packed(7, BitConverter.DoubleToUInt64Bits(1), BitConverter.DoubleToUInt64Bits(2)).Message(9, Messages.Attribute("a", "b"));
        var run = new ProtoWriter().ZigZag(1, -3).PackedVarints(2, 1, 200, 3);
        var exponential = new ProtoWriter().Fixed64(3, 9).Fixed64(4, 6).ZigZag(6, 3).Fixed64(7, 1).Message(8, run).Message(9, run).Double(12, 1);
        return Messages.Request(
            "ledger",
            "meter",
            Messages.Sum("sum", 5, Now),
            new ProtoWriter().Text(1, "plain").Message(9, new ProtoWriter().Message(1, plain).Varint(2, 2)),
            new ProtoWriter().Text(1, "exponential").Message(10, new ProtoWriter().Message(1, exponential).Varint(2, 1))).ToArray();
    }
}
