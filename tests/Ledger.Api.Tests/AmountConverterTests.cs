using System.Buffers;
using System.Text.Json;
using Ledger.Api.Transactions;

namespace Ledger.Api.Tests;

/// <summary>B3: amounts are exact, however the bytes came that they are read from.</summary>
public sealed class AmountConverterTests
{
    private static readonly byte[] Body = """{"asset":"BRL","value":12345.678}"""u8.ToArray();

    [Fact]
    public void Amount_ThatIsTornApart_IsReadAsAWhole()
    {
        for (var at = 1; at < Body.Length; at++)
        {
            var last = new Part(Body.AsMemory(at), before: at);
            var reader = new Utf8JsonReader(new ReadOnlySequence<byte>(new Part(Body.AsMemory(0, at), before: 0, last), 0, last, last.Memory.Length));

            Assert.Equal(12345.678m, JsonSerializer.Deserialize<SendBody>(ref reader, LedgerJson.Reading)!.Value);
        }
    }

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        public Part(ReadOnlyMemory<byte> bytes, int before, Part? next = null) => (Memory, RunningIndex, Next) = (bytes, before, next);
    }
}
