using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace TenantPlatform.ServiceDefaults.Http;

/// <summary>Reads request bodies strictly: JSON only, bounded, unknown fields and duplicates refused by name.</summary>
public static class JsonBody
{
    /// <summary>The longest accepted body, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>How bodies are read: camel case, exact types, no unknown fields, no duplicates.</summary>
    public static JsonSerializerOptions Strict { get; } = CreateStrict();

    /// <summary>Reads a body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="options">How to read it; <see cref="Strict"/> when null.</param>
    /// <exception cref="UnreadableBodyException">It is missing, malformed, too large, or not of this shape.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, JsonSerializerOptions? options = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.HasJsonContentType())
            throw new UnreadableBodyException("The body must be JSON: send 'Content-Type: application/json'.");
        var bytes = await ReadBytesAsync(request);

        // Otherwise it shows only when somebody reads the text in question, long after this.
        if (!Utf8.IsValid(bytes))
            throw new UnreadableBodyException("The body is not UTF-8, as JSON is.");
        try
        {
            return JsonSerializer.Deserialize<T>(bytes.AsSpan(0, bytes.Length), options ?? Strict)
                ?? throw new UnreadableBodyException("The body is 'null'; an object is expected.");
        }
        catch (JsonException exception)
        {
            throw Explain(exception);
        }
    }

    private static async Task<byte[]> ReadBytesAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxBytes)
            throw TooLarge();
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0)
        {
            if (buffer.Length + read > MaxBytes)
                throw TooLarge();
            buffer.Write(chunk, 0, read);
        }

        return buffer.Length > 0 ? buffer.ToArray() : throw new UnreadableBodyException("The body is empty; a JSON object is expected.");
    }

    private static UnreadableBodyException TooLarge() => new($"The body is longer than {MaxBytes} bytes.", isTooLarge: true);

    private static UnreadableBodyException Explain(JsonException exception)
    {
        // The exception's own message may quote the value; its path only names the field.
        var field = exception.Path is { Length: > 2 } path ? path[2..] : null;
        if (exception is UnexpectedValueException unexpected)
            return new UnreadableBodyException($"The field '{field}' {unexpected.Expected}.", field);
        if (exception.Message.Contains("could not be mapped", StringComparison.Ordinal))
            return new UnreadableBodyException($"The field '{field}' is unknown.", field);
        if (exception.Message.Contains("uplicate", StringComparison.Ordinal))
            return new UnreadableBodyException("A field is given twice.", field);
        if (exception.Message.Contains("could not be converted", StringComparison.Ordinal))
        {
            return field is null
                ? new UnreadableBodyException("The body is not a JSON object of the expected shape.")
                : new UnreadableBodyException($"The field '{field}' has the wrong type or an invalid value.", field);
        }

        return new UnreadableBodyException(
            field is null
                ? $"The body is not valid JSON (line {exception.LineNumber}, position {exception.BytePositionInLine})."
                : $"The body cannot be read at '{field}'.",
            field);
    }

    private static JsonSerializerOptions CreateStrict()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNameCaseInsensitive = false,
            NumberHandling = JsonNumberHandling.Strict,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            MaxDepth = 32,
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
