namespace Cache.Core.Samples.Tests;

/// <summary>Code that a page quotes: passages, separated by empty lines, each of which stands in the quoted file line by line.</summary>
internal static class Quotation
{
    private const string Opening = "([{";
    private const string Closing = ")]}";

    /// <summary>Whether a quotation is whole code that stands in a file; otherwise, what is wrong with it.</summary>
    /// <param name="quoted">The quotation. Its passages begin at the margin, however deep they stand in the file, and keep the file's order.</param>
    /// <param name="file">The lines of the file.</param>
    public static string? FaultIn(string quoted, IReadOnlyList<string> file)
    {
        var next = 0;
        foreach (var passage in quoted.TrimEnd().Split("\n\n").Select(text => text.Split('\n')))
        {
            if (passage[^1] is not [.., ';' or '}' or '{'])
                return $"Cut off before the end of a statement:\n{string.Join('\n', passage)}";

            var found = IndexOf(passage, file, next);
            if (found < 0)
                return $"Not in the file, behind the passages before it and from the margin on:\n{string.Join('\n', passage)}";
            next = found + passage.Length;
        }

        return IsBalanced(quoted) ? null : $"A bracket without its partner:\n{quoted}";
    }

    private static int IndexOf(string[] passage, IReadOnlyList<string> file, int from)
    {
        for (var start = from; start <= file.Count - passage.Length; start++)
        {
            if (AtTheMargin([.. file.Skip(start).Take(passage.Length)]).SequenceEqual(passage, StringComparer.Ordinal))
                return start;
        }

        return -1;
    }

    private static IEnumerable<string> AtTheMargin(string[] lines)
    {
        var margin = lines.Min(line => line.Length - line.TrimStart().Length);
        return lines.Select(line => line[margin..]);
    }

    // Brackets in texts and comments count too: they have their partners there.
    private static bool IsBalanced(string code)
    {
        var open = new Stack<int>();
        foreach (var sign in code)
        {
            if (Opening.Contains(sign, StringComparison.Ordinal))
                open.Push(Opening.IndexOf(sign, StringComparison.Ordinal));
            else if (Closing.IndexOf(sign, StringComparison.Ordinal) is >= 0 and var kind && !(open.TryPop(out var opened) && opened == kind))
                return false;
        }

        return open.Count == 0;
    }
}
