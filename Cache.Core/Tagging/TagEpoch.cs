using System.Globalization;
using System.Text;
using Cache.Core.Fencing;

namespace Cache.Core.Tagging;

/// <summary>What is known of a tag: the token that stands until the whole tag is removed, and the removals of what carries it together with others.</summary>
/// <remarks>
/// <para>Immutable. An entry carries a <see cref="Stamp"/>: the token, and the number of the last such removal when its fetch began. It is gone
/// when the token is another one, or when a later removal names no other tags than it carries.</para>
/// <para>Stored as <see cref="Text"/>: the token alone, or <c>token count floor</c> and then <c>number.id=tag&amp;tag</c> for each removal. Of several
/// removals of the same tags the last is kept. When there are too many the oldest goes, and with it what was stamped before it.</para>
/// </remarks>
internal sealed class TagEpoch
{
    /// <summary>How many sets of other tags are remembered.</summary>
    public const int MostRemovals = 64;

    private readonly Removal[] _removals;
    private readonly long _count;
    private readonly long _floor;

    private TagEpoch(string token, long count, long floor, Removal[] removals)
    {
        Token = token;
        _count = count;
        _floor = floor;
        _removals = removals;
        Stamp = count == 0 ? token : string.Create(CultureInfo.InvariantCulture, $"{token}.{count}.{removals[^1].Id}");
    }

    /// <summary>Another one for each removal of the whole tag.</summary>
    public string Token { get; }

    /// <summary>What an entry carries whose fetch begins now.</summary>
    public string Stamp { get; }

    /// <summary>How many sets of other tags are remembered.</summary>
    public int Removals => _removals.Length;

    /// <summary>As it is stored.</summary>
    public string Text
    {
        get
        {
            if (_count == 0)
                return Token;
            var text = new StringBuilder();
            text.Append(CultureInfo.InvariantCulture, $"{Token} {_count} {_floor}");
            foreach (var (number, id, others) in _removals)
                text.Append(CultureInfo.InvariantCulture, $" {number}.{id}=").AppendJoin('&', others.Select(Uri.EscapeDataString));
            return text.ToString();
        }
    }

    /// <summary>One that no entry carries yet.</summary>
    public static TagEpoch New() => new(FenceToken.New(), count: 0, floor: 0, []);

    /// <summary>Reads what is stored. Whatever cannot be read is a token: it matches itself and nothing else.</summary>
    public static TagEpoch Parse(string text)
    {
        var parts = text.Split(' ');
        if (parts.Length < 4 || !TryNumber(parts[1], out var count) || !TryNumber(parts[2], out var floor))
            return new TagEpoch(text, count: 0, floor: 0, []);
        var removals = new Removal[parts.Length - 3];
        for (var n = 0; n < removals.Length; n++)
        {
            var (dot, equals) = (parts[n + 3].IndexOf('.', StringComparison.Ordinal), parts[n + 3].IndexOf('=', StringComparison.Ordinal));
            if (dot < 0 || equals < dot || !TryNumber(parts[n + 3][..dot], out var number))
                return new TagEpoch(text, count: 0, floor: 0, []);
            removals[n] = new Removal(number, parts[n + 3][(dot + 1)..equals], Array.ConvertAll(parts[n + 3][(equals + 1)..].Split('&'), Uri.UnescapeDataString));
        }

        return IsWritten(count, floor, removals) ? new TagEpoch(parts[0], count, floor, removals) : new TagEpoch(text, count: 0, floor: 0, []);
    }

    /// <summary>This one after a removal of what carries the tag and all these others.</summary>
    public TagEpoch WithRemoval(IEnumerable<string> others)
    {
        var sorted = others.Order(StringComparer.Ordinal).ToArray();
        var kept = _removals.Where(removal => !removal.Others.SequenceEqual(sorted, StringComparer.Ordinal)).ToList();
        var floor = _floor;
        if (kept.Count >= MostRemovals)
        {
            floor = kept[0].Number;
            kept.RemoveAt(0);
        }

        // An identity of its own besides the number, which a server that has lost its last writes gives twice.
        kept.Add(new Removal(_count + 1, FenceToken.New()[^8..], sorted));
        return new TagEpoch(Token, _count + 1, floor, [.. kept]);
    }

    /// <summary>Whether an entry that was stamped so, and carries what it is asked for, has not been removed.</summary>
    public bool Spares(string stamp, Predicate<string> carries)
    {
        if (string.Equals(stamp, Stamp, StringComparison.Ordinal))
            return true;
        var (token, number, id) = Split(stamp);
        if (!string.Equals(token, Token, StringComparison.Ordinal) || number < _floor || number > _count)
            return false;
        foreach (var removal in _removals)
        {
            if (removal.Number == number ? removal.Id != id : removal.Number > number && Array.TrueForAll(removal.Others, carries))
                return false;
        }

        return true;
    }

    /// <summary>Whether removals can have come about by <see cref="WithRemoval"/>, and leave room for another: numbered upwards, above the floor, the last one counted.</summary>
    private static bool IsWritten(long count, long floor, Removal[] removals)
    {
        var before = floor;
        foreach (var removal in removals)
        {
            if (removal.Number <= before)
                return false;
            before = removal.Number;
        }

        return before == count && count < long.MaxValue;
    }

    private static (string Token, long Number, string Id) Split(string stamp)
    {
        var parts = stamp.Split('.');
        return parts.Length == 3 && TryNumber(parts[1], out var number) ? (parts[0], number, parts[2]) : (stamp, 0, string.Empty);
    }

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private readonly record struct Removal(long Number, string Id, string[] Others);
}
