using System.Text;
using Cache.Core.Valkey.Resp;

namespace Cache.Core.Tests.Valkey.Resp;

/// <summary>Random messages as a server might send them, with what they must be read as.</summary>
internal static class RespTree
{
    public static (byte[] Wire, RespValue Value) Random(int seed, bool push = false)
    {
        var wire = new MemoryStream();
        var value = Write(wire, new Random(seed), depth: 0, push);
        return (wire.ToArray(), value);
    }

    public static bool Same(RespValue one, RespValue other) =>
        one.Kind == other.Kind && one.Number == other.Number && string.Equals(one.Text, other.Text, StringComparison.Ordinal)
        && one.Items.Count == other.Items.Count && one.Items.Zip(other.Items).All(pair => Same(pair.First, pair.Second));

    private static RespValue Write(MemoryStream wire, Random random, int depth, bool push)
    {
        if (push)
            return Items(wire, random, depth, '>', RespKind.Push, random.Next(1, 5));
        if (random.Next(8) == 0)
            Items(wire, random, depth + 3, '|', RespKind.Map, 2);
        switch (random.Next(depth < 4 ? 11 : 8))
        {
            case 0:
                Put(wire, "_\r\n");
                return RespValue.Null;
            case 1:
                Put(wire, "$-1\r\n");
                return RespValue.Null;
            case 2:
                var number = random.NextInt64(long.MinValue, long.MaxValue);
                Put(wire, $":{number}\r\n");
                return RespValue.OfNumber(number);
            case 3:
                Put(wire, "#t\r\n");
                return RespValue.OfNumber(1);
            case 4:
                Put(wire, "+a line\r\n");
                return RespValue.OfText("a line");
            case 5:
                Put(wire, "-NOPERM no\r\n");
                return RespValue.OfError("NOPERM no");
            case 6:
                Put(wire, ",3.25\r\n");
                return RespValue.OfText("3.25");
            case 7:
                var text = new string('ü', random.Next(40)) + "\r\n\0" + new string('x', random.Next(10) == 0 ? 20_000 : 3);
                Put(wire, $"${Encoding.UTF8.GetByteCount(text)}\r\n{text}\r\n");
                return RespValue.OfText(text);
            case 8:
                return Items(wire, random, depth, '%', RespKind.Map, 2 * random.Next(4));
            case 9:
                return Items(wire, random, depth, '~', RespKind.List, random.Next(5));
            default:
                return Items(wire, random, depth, '*', RespKind.List, random.Next(5));
        }
    }

    private static RespValue Items(MemoryStream wire, Random random, int depth, char type, RespKind kind, int count)
    {
        Put(wire, $"{type}{(kind == RespKind.Map ? count / 2 : count)}\r\n");
        return RespValue.OfItems(kind, [.. Enumerable.Range(0, count).Select(_ => Write(wire, random, depth + 1, push: false))]);
    }

    private static void Put(MemoryStream wire, string text) => wire.Write(Encoding.UTF8.GetBytes(text));
}
