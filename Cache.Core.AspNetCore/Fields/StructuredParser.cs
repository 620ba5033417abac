using System.Globalization;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Cache.Core.AspNetCore.Fields;

/// <summary>
/// Reads dictionaries of structured fields as RFC 9651, section 4.2, prescribes: a field with a single fault in it is none. Parameters
/// are checked and left out; nobody here asks for them.
/// </summary>
internal ref struct StructuredParser
{
    private ReadOnlySpan<char> _rest;

    private StructuredParser(ReadOnlySpan<char> text) => _rest = text;

    /// <summary>The dictionary of a field; null when the field is malformed. Of members with the same key the last one counts.</summary>
    public static Dictionary<string, StructuredValue>? Dictionary(StringValues field)
    {
        var parser = new StructuredParser(field.Count == 1 ? field[0] : string.Join(',', field.ToArray()));
        Dictionary<string, StructuredValue> members = new(StringComparer.Ordinal);
        return parser.TryDictionary(members) ? members : null;
    }

    private bool TryDictionary(Dictionary<string, StructuredValue> members)
    {
        _rest = _rest.Trim(' ');
        while (!_rest.IsEmpty)
        {
            if (!TryKey(out var key))
                return false;
            var value = StructuredValue.True;
            if (TryTake('=') ? !TryMember(out value) : !TryParameters())
                return false;
            members[key] = value;
            _rest = _rest.TrimStart(" \t");
            if (_rest.IsEmpty)
                return true;
            if (!TryTake(','))
                return false;
            _rest = _rest.TrimStart(" \t");
            if (_rest.IsEmpty)
                return false;
        }

        return true;
    }

    private bool TryMember(out StructuredValue value) => !_rest.IsEmpty && _rest[0] == '(' ? TryInnerList(out value) : TryItem(out value);

    private bool TryInnerList(out StructuredValue value)
    {
        value = new StructuredValue(StructuredKind.InnerList);
        TryTake('(');
        while (true)
        {
            _rest = _rest.TrimStart(' ');
            if (TryTake(')'))
                return TryParameters();
            if (!TryItem(out _) || _rest.IsEmpty || _rest[0] is not (' ' or ')'))
                return false;
        }
    }

    private bool TryItem(out StructuredValue value) => TryBare(out value) && TryParameters();

    private bool TryParameters()
    {
        while (TryTake(';'))
        {
            _rest = _rest.TrimStart(' ');
            if (!TryKey(out _) || (TryTake('=') && !TryBare(out _)))
                return false;
        }

        return true;
    }

    private bool TryBare(out StructuredValue value)
    {
        value = default;
        if (_rest.IsEmpty)
            return false;
        return _rest[0] switch
        {
            '-' or (>= '0' and <= '9') => TryNumber(out value),
            '"' => TryString(out value),
            ':' => TryBytes(out value),
            '?' => TryBoolean(out value),
            '@' => TryDate(out value),
            '%' => TryDisplayString(out value),
            '*' => TryToken(out value),
            var first => char.IsAsciiLetter(first) && TryToken(out value),
        };
    }

    private bool TryNumber(out StructuredValue value)
    {
        value = default;
        var sign = TryTake('-') ? -1 : 1;
        var whole = TakeDigits();
        if (whole.IsEmpty || whole.Length > 15)
            return false;
        if (!TryTake('.'))
        {
            value = new StructuredValue(StructuredKind.Integer, sign * long.Parse(whole, CultureInfo.InvariantCulture));
            return true;
        }

        var fraction = TakeDigits();
        if (whole.Length > 12 || fraction.IsEmpty || fraction.Length > 3)
            return false;
        value = new StructuredValue(StructuredKind.Decimal, Text: $"{(sign < 0 ? "-" : string.Empty)}{whole}.{fraction}");
        return true;
    }

    private bool TryString(out StructuredValue value)
    {
        value = default;
        StringBuilder text = new();
        for (var at = 1; at < _rest.Length; at++)
        {
            var letter = _rest[at];
            if (letter == '"')
            {
                _rest = _rest[(at + 1)..];
                value = new StructuredValue(StructuredKind.String, Text: text.ToString());
                return true;
            }

            if (letter is < ' ' or >= (char)127)
                return false;
            if (letter == '\\')
            {
                if (++at >= _rest.Length || _rest[at] is not ('"' or '\\'))
                    return false;
                letter = _rest[at];
            }

            text.Append(letter);
        }

        return false;
    }

    private bool TryBytes(out StructuredValue value)
    {
        value = default;
        var end = _rest[1..].IndexOf(':');
        if (end < 0)
            return false;
        var content = _rest.Slice(1, end);
        foreach (var letter in content)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('+' or '/' or '='))
                return false;
        }

        value = new StructuredValue(StructuredKind.Bytes, Text: content.ToString());
        _rest = _rest[(end + 2)..];
        return true;
    }

    private bool TryBoolean(out StructuredValue value)
    {
        value = default;
        if (_rest.Length < 2 || _rest[1] is not ('0' or '1'))
            return false;
        value = new StructuredValue(StructuredKind.Boolean, _rest[1] - '0');
        _rest = _rest[2..];
        return true;
    }

    private bool TryDate(out StructuredValue value)
    {
        TryTake('@');
        if (!TryNumber(out value) || value.Kind != StructuredKind.Integer)
            return false;
        value = value with { Kind = StructuredKind.Date };
        return true;
    }

    private bool TryDisplayString(out StructuredValue value)
    {
        value = default;
        if (_rest.Length < 2 || _rest[1] != '"')
            return false;
        List<byte> bytes = [];
        for (var at = 2; at < _rest.Length; at++)
        {
            var letter = _rest[at];
            if (letter == '"')
            {
                _rest = _rest[(at + 1)..];
                try
                {
                    value = new StructuredValue(StructuredKind.DisplayString, Text: new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([.. bytes]));
                    return true;
                }
                catch (ArgumentException)
                {
                    return false;
                }
            }

            if (letter is < ' ' or >= (char)127)
                return false;
            if (letter != '%')
            {
                bytes.Add((byte)letter);
                continue;
            }

            if (at + 2 >= _rest.Length || !IsLowerHex(_rest[at + 1]) || !IsLowerHex(_rest[at + 2]))
                return false;
            bytes.Add(byte.Parse(_rest.Slice(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            at += 2;
        }

        return false;
    }

    private bool TryToken(out StructuredValue value)
    {
        var length = 1;
        while (length < _rest.Length && IsTokenLetter(_rest[length]))
            length++;
        value = new StructuredValue(StructuredKind.Token, Text: _rest[..length].ToString());
        _rest = _rest[length..];
        return true;
    }

    private bool TryKey(out string key)
    {
        key = string.Empty;
        if (_rest.IsEmpty || !(char.IsAsciiLetterLower(_rest[0]) || _rest[0] == '*'))
            return false;
        var length = 1;
        while (length < _rest.Length && (char.IsAsciiLetterLower(_rest[length]) || char.IsAsciiDigit(_rest[length]) || _rest[length] is '_' or '-' or '.' or '*'))
            length++;
        key = _rest[..length].ToString();
        _rest = _rest[length..];
        return true;
    }

    private bool TryTake(char letter)
    {
        if (_rest.IsEmpty || _rest[0] != letter)
            return false;
        _rest = _rest[1..];
        return true;
    }

    private ReadOnlySpan<char> TakeDigits()
    {
        var length = _rest.IndexOfAnyExceptInRange('0', '9');
        var digits = length < 0 ? _rest : _rest[..length];
        _rest = _rest[digits.Length..];
        return digits;
    }

    private static bool IsLowerHex(char letter) => letter is (>= '0' and <= '9') or (>= 'a' and <= 'f');

    private static bool IsTokenLetter(char letter) => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~:/".Contains(letter, StringComparison.Ordinal);
}
