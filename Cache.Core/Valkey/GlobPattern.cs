using System.Runtime.InteropServices;
using System.Text;

namespace Cache.Core.Valkey;

/// <summary>
/// A pattern over keys, read and matched as Valkey does: <c>*</c>, <c>?</c>, <c>[abc]</c>, <c>[^abc]</c>, <c>[a-z]</c>, and <c>\</c> before what
/// stands for itself; by the bytes of UTF-8. Every text is one. Immutable.
/// </summary>
/// <remarks>
/// At its edges too: a class that is not closed goes to the end, a range may be given backwards, a backslash at the end stands for
/// itself. What takes keys from a walk of the server's and what is matched here must be the same keys.
/// </remarks>
internal sealed class GlobPattern
{
    private readonly Step[] _steps;

    private GlobPattern(Step[] steps) => _steps = steps;

    /// <summary>The pattern that matches a text and nothing else.</summary>
    public static string Escape(string text)
    {
        var pattern = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '*' or '?' or '[' or ']' or '\\')
                pattern.Append('\\');
            pattern.Append(c);
        }

        return pattern.ToString();
    }

    /// <summary>Reads a pattern.</summary>
    public static GlobPattern Parse(string glob)
    {
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(glob);
        var steps = new List<Step>();
        while (!rest.IsEmpty)
        {
            switch (rest[0])
            {
                case (byte)'*':
                    if (steps is not [.., { IsStar: true }])
                        steps.Add(Step.Star);
                    break;
                case (byte)'?':
                    steps.Add(new Step(ByteSet.All));
                    break;
                case (byte)'[':
                    steps.Add(new Step(Class(ref rest)));
                    continue;
                default:
                    if (rest[0] == '\\' && rest.Length > 1)
                        rest = rest[1..];
                    steps.Add(new Step(ByteSet.Of(rest[0])));
                    break;
            }

            rest = rest[1..];
        }

        return new GlobPattern([.. steps]);
    }

    /// <summary>Whether a text matches. Takes a time in proportion to the lengths of both, multiplied, whatever the pattern is.</summary>
    public bool IsMatch(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var (step, at) = (0, 0);
        var (star, from) = (-1, 0);
        while (at < bytes.Length)
        {
            if (step < _steps.Length && _steps[step].IsStar)
            {
                (star, from) = (step++, at);
            }
            else if (step < _steps.Length && _steps[step].Takes.Has(bytes[at]))
            {
                (step, at) = (step + 1, at + 1);
            }
            else if (star >= 0)
            {
                // The last star takes one more; those before it need not be asked again.
                (step, at) = (star + 1, ++from);
            }
            else
            {
                return false;
            }
        }

        return step == _steps.Length || (step == _steps.Length - 1 && _steps[step].IsStar);
    }

    /// <summary>Reads a class; what is left begins behind it.</summary>
    private static ByteSet Class(ref ReadOnlySpan<byte> rest)
    {
        rest = rest[1..];
        var isNegated = !rest.IsEmpty && rest[0] == '^';
        if (isNegated)
            rest = rest[1..];
        var set = default(ByteSet);
        while (!rest.IsEmpty && rest[0] != ']')
        {
            if (rest is [(byte)'\\', var escaped, ..])
            {
                set = set.With(escaped, escaped);
                rest = rest[2..];
            }
            else if (rest is [var one, (byte)'-', var other, ..])
            {
                set = set.With(Math.Min(one, other), Math.Max(one, other));
                rest = rest[3..];
            }
            else
            {
                set = set.With(rest[0], rest[0]);
                rest = rest[1..];
            }
        }

        if (!rest.IsEmpty)
            rest = rest[1..];
        return isNegated ? set.Negated() : set;
    }

    /// <summary>One byte of a set, or, as a star, any number of any.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Step(ByteSet Takes, bool IsStar = false)
    {
        public static Step Star { get; } = new(default, IsStar: true);
    }

    /// <summary>Which of the 256 bytes there are.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct ByteSet(UInt128 Low, UInt128 High)
    {
        private const int Half = 128;

        public static ByteSet All { get; } = default(ByteSet).Negated();

        public static ByteSet Of(byte one) => default(ByteSet).With(one, one);

        public bool Has(byte one) => ((one < Half ? Low >> one : High >> (one - Half)) & UInt128.One) != UInt128.Zero;

        public ByteSet Negated() => new(~Low, ~High);

        public ByteSet With(int first, int last)
        {
            var (low, high) = (Low, High);
            for (var one = first; one <= last; one++)
            {
                if (one < Half)
                    low |= UInt128.One << one;
                else
                    high |= UInt128.One << (one - Half);
            }

            return new ByteSet(low, high);
        }
    }
}
