using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>Answers as OTLP wants them: nothing for success, otherwise a <c>google.rpc.Status</c> that says what is wrong.</summary>
internal static class OtlpAnswer
{
    public const string Protobuf = "application/x-protobuf";

    private const int InvalidArgument = 3;
    private const int ResourceExhausted = 8;
    private const int Unavailable = 14;
    private const int Unauthenticated = 16;

    public static Task SucceedAsync(HttpContext context)
    {
        context.Response.ContentType = Protobuf;
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    public static async Task FailAsync(HttpContext context, int status, string message)
    {
        var code = CodeOf(status);

        // Whoever sends JSON reads JSON.
        var isJson = context.Request.HasJsonContentType();
        var body = isJson ? Json(code, message) : Status(code, message);
        context.Response.StatusCode = status;
        context.Response.ContentType = isJson ? "application/json" : Protobuf;
        context.Response.ContentLength = body.Length;
        if (status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "1";
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>The code of <c>google.rpc.Code</c> that means what an HTTP status does.</summary>
    public static int CodeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Unauthenticated,
        StatusCodes.Status413PayloadTooLarge => ResourceExhausted,
        StatusCodes.Status503ServiceUnavailable or StatusCodes.Status408RequestTimeout => Unavailable,
        _ => InvalidArgument,
    };

    // {1: code, 2: message}
    private static byte[] Status(int code, string message)
    {
        var text = Encoding.UTF8.GetBytes(message);
        List<byte> body = [0x08, (byte)code, 0x12];
        var length = text.Length;
        for (; length > 0x7F; length >>= 7)
            body.Add((byte)(length | 0x80));
        body.Add((byte)length);
        return [.. body, .. text];
    }

    private static byte[] Json(int code, string message)
    {
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteNumber("code", code);
            writer.WriteString("message", message);
            writer.WriteEndObject();
        }

        return body.ToArray();
    }
}
