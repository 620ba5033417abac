using Cache.Core.AspNetCore.Directives;
using Cache.Core.AspNetCore.Fields;
using Cache.Core.AspNetCore.Ranges;
using Cache.Core.AspNetCore.Selecting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace TenantPlatform.Fuzzing.Targets;

/// <summary>Header fields of HTTP, as anybody may send them.</summary>
internal static class FieldTargets
{
    private static readonly DateTimeOffset Earliest = new(1, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Lines of <c>Cache-Control</c>, by which a request and a response are read.</summary>
    public static void CacheControl(byte[] input)
    {
        StringValues field = Lines(input);
        var headers = new HeaderDictionary { ["Cache-Control"] = field, ["CDN-Cache-Control"] = field, ["Pragma"] = field };
        var asked = RequestDirectives.Of(headers);
        foreach (var seconds in new[] { asked.MaxAge, asked.MinFresh, asked.MaxStale, asked.StaleIfError })
            Finding.Unless(seconds is null or (>= 0 and <= DeltaSeconds.Most), "seconds are neither below zero nor above 2^31");
        foreach (var isPrivate in new[] { true, false })
        {
            Check(ResponseDirectives.Of(headers, [], isPrivate));
            Check(ResponseDirectives.Of(headers, ["CDN-Cache-Control"], isPrivate));
        }

        var directives = DirectiveReader.Read(field);
        var written = string.Join(", ", directives.Select(static one => one.Argument is null ? one.Name : $"{one.Name}=\"{Escaped(one.Argument)}\""));
        Finding.Unless(directives.SequenceEqual(DirectiveReader.Read(written)), "directives are read as they were written");
    }

    /// <summary>Lines of a dictionary of structured fields.</summary>
    public static void Structured(byte[] input)
    {
        if (StructuredParser.Dictionary(Lines(input)) is not { } members)
            return;
        var written = string.Join(", ", members.Select(static member => $"{member.Key}={StructuredText.Of(member.Value)}"));
        var again = StructuredParser.Dictionary(written) ?? throw new Finding("what was read can be written and read");
        Finding.Unless(members.Count == again.Count && members.All(member => again[member.Key] == member.Value), "members are read as they were written");
    }

    /// <summary>Dates, ranges, entity tags, lists.</summary>
    public static void Values(byte[] input)
    {
        var lines = Lines(input);
        foreach (var line in lines)
        {
            if (HttpDate.TryParse(line, out var date))
                Finding.Unless(date >= Earliest && HttpDate.TryParse(HttpDate.Format(date), out var same) && same == date, "a date is read as it was written");
            if (ByteRange.Parse(line) is { } range)
            {
                Finding.Unless(ByteRange.Parse($"bytes={range.First}-{range.Last}") == range, "a range is read as it was written");
                foreach (var length in (long[])[0, 1, 1000, long.MaxValue])
                    Finding.Unless(range.Within(length) is not { } within || (within.From >= 0 && within.From < within.Until && within.Until <= length), "a range lies within what there is");
            }

            if (ContentRange.Parse(line) is { } told && told.Last < long.MaxValue)
                Finding.Unless(ContentRange.Parse(ContentRange.Format(told.First, told.Last + 1, told.CompleteLength)) == told, "a content range is read as it was written");
            Finding.Unless(EntityTag.IsIn("*", line) && (line.Length == 0 || !EntityTag.AreSame(line, line + "x")), "a tag is the same as itself only");
        }

        RangeBomb.Is(lines);
        var members = FieldList.Members(lines);
        Finding.Unless(members.TrueForAll(static member => member.Length > 0 && member.Trim(' ', '\t') == member), "members are neither empty nor padded");
        Finding.Unless(members.TrueForAll(member => FieldList.Contains(lines, member)), "a list holds its members");
    }

    /// <summary>Fields by which answers are told apart: brought to their form, they stay in it.</summary>
    public static void Selecting(byte[] input)
    {
        StringValues lines = Lines(input);
        foreach (var field in (string[])["accept-language", "accept-encoding", "x-other"])
        {
            var form = Normalised.Of(field, lines);

            // A quote that nobody closes takes in what is written behind it.
            if (form.Contains('"', StringComparison.Ordinal))
                continue;
            Finding.Unless(Normalised.Of(field, form) == form, "what is normalised stays as it is");
            if (lines.Count > 1 && field != "x-other")
                Finding.Unless(Normalised.Of(field, new StringValues([.. lines.Reverse()])) == form, "preferences mean the same in any order");
        }

        Normalised.BestLanguage(lines);
        var fields = VariantKey.Fields(new HeaderDictionary { ["Vary"] = lines }, ["accept"]);
        Finding.Unless(fields.SequenceEqual(fields.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)), "the fields of a Vary are sorted, each once");
    }

    private static void Check(ResponseDirectives told)
    {
        foreach (var seconds in new[] { told.Lifetime, told.StaleWhileRevalidate, told.StaleIfError })
            Finding.Unless(seconds is null or (>= 0 and <= DeltaSeconds.Most), "seconds are neither below zero nor above 2^31");
    }

    private static string Escaped(string argument) => argument.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string[] Lines(byte[] input) => Bytes.Text(input).Split('\n');
}
