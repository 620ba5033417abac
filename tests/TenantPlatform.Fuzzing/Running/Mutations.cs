using System.Collections;
using System.Text;

namespace TenantPlatform.Fuzzing.Running;

/// <summary>Inputs that are like others, without end, and the same for the same seed: what CI tries beside what AFL++ has found.</summary>
internal sealed class Mutations(IReadOnlyList<byte[]> from, int seed) : IEnumerable<byte[]>
{
    private const int MostChanges = 6;
    private const int Longest = 8192;

    private static readonly byte[][] Telling =
    [
        [0], [0xFF], [0x7F], [0x80], [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
        .. new[] { "\"", "\\", "\n", "\r\n", ",", ";", "=", ":", "|", " ", "%", "*", "?", "[", "]", "{", "}", "-", "-1", "0", "1e9", "9223372036854775807", "NaN", "null", "\\ud800", "\\u0000", "é", "\ud83d\ude00" }
            .Select(Encoding.UTF8.GetBytes),
        [0xC3], [0xED, 0xA0, 0x80],
    ];

    public IEnumerator<byte[]> GetEnumerator()
    {
        var random = new Random(seed);
        while (true)
        {
            var input = new List<byte>(from.Count > 0 ? from[random.Next(from.Count)] : []);
            for (var left = 1 + random.Next(MostChanges); left > 0; left--)
                Change(input, random);
            yield return [.. input.Take(Longest)];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Change(List<byte> input, Random random)
    {
        var at = random.Next(input.Count + 1);
        switch (random.Next(8))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = (byte)random.Next(256);
                break;
            case 2:
                input.RemoveRange(at, Math.Min(random.Next(16), input.Count - at));
                break;
            case 3:
                input.RemoveRange(at, input.Count - at);
                break;
            case 4:
                var part = input.GetRange(at, Math.Min(random.Next(32), input.Count - at));
                input.InsertRange(random.Next(input.Count + 1), part);
                break;
            case 5 when from.Count > 0:
                var other = from[random.Next(from.Count)];
                var begin = random.Next(other.Length + 1);
                input.InsertRange(at, other.AsSpan(begin, random.Next(other.Length - begin + 1)));
                break;
            case 6 when at < input.Count:
                var over = Telling[random.Next(Telling.Length)];
                for (var n = 0; n < over.Length && at + n < input.Count; n++)
                    input[at + n] = over[n];
                break;
            default:
                input.InsertRange(at, Telling[random.Next(Telling.Length)]);
                break;
        }
    }
}
