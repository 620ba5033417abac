using System.Runtime.InteropServices;
using Cache.Core.Valkey.Resp;
using StackExchange.Redis;

namespace Cache.Core.Valkey.Scripting;

/// <summary>One argument of a script: a text, bytes or a number, without a copy for the direct way.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct ScriptArgument
{
    private readonly string? _text;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly long? _number;

    private ScriptArgument(string? text, ReadOnlyMemory<byte> bytes, long? number)
    {
        _text = text;
        _bytes = bytes;
        _number = number;
    }

    /// <summary>How many bytes it is at most.</summary>
    public int Size => _text is { } text ? text.Length * 3 : _number is null ? _bytes.Length : 20;

    public static implicit operator ScriptArgument(string text) => new(text, default, number: null);

    public static implicit operator ScriptArgument(ReadOnlyMemory<byte> bytes) => new(text: null, bytes, number: null);

    public static implicit operator ScriptArgument(long number) => new(text: null, default, number);

    public RedisValue ToRedis() => _text is { } text ? text : _number is { } number ? number : _bytes.ToArray();

    public void AddTo(ref RespBuilder builder)
    {
        if (_text is { } text)
            builder.Part(text);
        else if (_number is { } number)
            builder.Part(number);
        else
            builder.Part(_bytes.Span);
    }
}
