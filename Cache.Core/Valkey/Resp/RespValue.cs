using System.Text;

namespace Cache.Core.Valkey.Resp;

/// <summary>One value of RESP3. Doubles, big numbers and verbatim strings are texts; booleans are 0 and 1; sets are lists; a map lists keys and values in turn.</summary>
internal sealed class RespValue
{
    public static readonly RespValue Null = new(RespKind.Null, "", 0, []);

    private readonly byte[]? _blob;
    private string? _text;

    private RespValue(RespKind kind, string? text, long number, IReadOnlyList<RespValue> items, byte[]? blob = null)
    {
        Kind = kind;
        _text = text;
        _blob = blob;
        Number = number;
        Items = items;
    }

    public RespKind Kind { get; }

    /// <summary>The text, or an error's. An error's text may repeat what was sent, a password included: only <see cref="ErrorCode"/> may be logged.</summary>
    public string Text => _text ??= Encoding.UTF8.GetString(_blob!);

    /// <summary>Whether a text came with its length before it, and not as a line.</summary>
    public bool IsBlob => _blob is not null;

    /// <summary>A text as it came; null when there is none.</summary>
    public byte[]? Bytes => Kind != RespKind.Text ? null : _blob ?? Encoding.UTF8.GetBytes(Text);

    public long Number { get; }

    public IReadOnlyList<RespValue> Items { get; }

    /// <summary>An error's first word if it looks like one, such as <c>NOPERM</c>; <c>ERR</c> otherwise. Never more than that.</summary>
    public string ErrorCode
    {
        get
        {
            var word = Text.AsSpan()[..(Text.IndexOf(' ', StringComparison.Ordinal) is var end and >= 0 ? end : Text.Length)];
            return word.Length is > 0 and <= 16 && !word.ContainsAnyExceptInRange('A', 'Z') ? word.ToString() : "ERR";
        }
    }

    public static RespValue OfText(string text) => new(RespKind.Text, text, 0, []);

    public static RespValue OfBlob(byte[] blob) => new(RespKind.Text, text: null, 0, [], blob);

    public static RespValue OfNumber(long number) => new(RespKind.Number, "", number, []);

    public static RespValue OfError(string text) => new(RespKind.Error, text, 0, []);

    public static RespValue OfItems(RespKind kind, IReadOnlyList<RespValue> items) => new(kind, "", 0, items);

    public bool IsText(string text) => Kind == RespKind.Text && string.Equals(Text, text, StringComparison.Ordinal);

    /// <summary>The value of a key in a map, or in the list by which RESP2 stands for one.</summary>
    public RespValue? Find(string key)
    {
        if (Kind is not (RespKind.Map or RespKind.List))
            return null;
        for (var i = 0; i + 1 < Items.Count; i += 2)
        {
            if (Items[i].IsText(key))
                return Items[i + 1];
        }

        return null;
    }
}
