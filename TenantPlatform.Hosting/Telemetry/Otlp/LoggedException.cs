namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>The attributes <c>exception.*</c> of a log record, taken out of the others.</summary>
internal struct LoggedException
{
    private string? _type;
    private string? _message;
    private string? _stack;

    /// <summary>Takes the attribute if it is one of an exception.</summary>
    public bool TryTake(ReadOnlySpan<byte> keyValue, DecodingContext context)
    {
        var (key, value) = AttributeReader.Split(keyValue);
        if (!key.StartsWith("exception."u8))
            return false;
        if (key.SequenceEqual("exception.stacktrace"u8))
            _stack = Text(value, context);
        else if (key.SequenceEqual("exception.type"u8))
            _type = Text(value, context);
        else if (key.SequenceEqual("exception.message"u8))
            _message = Text(value, context);
        else
            return false;
        return true;
    }

    /// <summary>The stack trace, which begins with type and message; without it, these two; null without any.</summary>
    public readonly string? ToText()
    {
        if (!string.IsNullOrEmpty(_stack))
            return _stack;
        return (_type, _message) switch
        {
            (null, null) => null,
            (null, var message) => message,
            (var type, null) => type,
            var (type, message) => $"{type}: {message}",
        };
    }

    private static string? Text(ReadOnlySpan<byte> anyValue, DecodingContext context) =>
        AttributeReader.ReadValue(anyValue, context)?.ToString();
}
