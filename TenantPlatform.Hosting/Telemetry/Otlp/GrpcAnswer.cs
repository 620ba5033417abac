using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>Answers unary gRPC calls: an empty message for success, otherwise only a status.</summary>
internal static class GrpcAnswer
{
    public const string ContentType = "application/grpc";

    public static async Task SucceedAsync(HttpContext context)
    {
        context.Response.ContentType = ContentType;
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(GrpcFrame.Empty, context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    public static Task FailAsync(HttpContext context, OtlpFailure failure)
    {
        // Without a message, the status stands where the trailers would.
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = null;
        context.Response.Headers["grpc-status"] = OtlpAnswer.CodeOf(failure.Status).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["grpc-message"] = Uri.EscapeDataString(failure.Reason);
        return Task.CompletedTask;
    }
}
