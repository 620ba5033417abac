using System.Net;
using TenantPlatform.ServiceDefaults.Http;

namespace TenantPlatform.FaultProxy.Control;

/// <summary>Turns whatever goes wrong into the documented body, and lets only this machine in.</summary>
internal static partial class ControlErrors
{
    /// <summary>Adds both.</summary>
    public static void UseControlErrors(this WebApplication app)
    {
        app.UseStatusCodePages(context => WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => new ControlError("NOT_FOUND", "Not Found", "There is nothing at this path; start at GET /links."),
            StatusCodes.Status405MethodNotAllowed => new ControlError("METHOD_NOT_ALLOWED", "Method Not Allowed", $"{context.HttpContext.Request.Method} is not possible here."),
            _ => new ControlError("REFUSED", "Refused", "The request was refused."),
        }));
        app.Use(async (context, next) =>
        {
            // Whoever reaches the endpoint can cut every link; nothing beyond this machine has business here.
            if (context.Connection.RemoteIpAddress is { } remote && !IPAddress.IsLoopback(remote))
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                await WriteAsync(context, new ControlError("NOT_LOCAL", "Not Local", "The control endpoint serves its own machine only."));
                return;
            }

            try
            {
                await next(context);
            }
            catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
            {
                var (status, error) = Translate(exception);
                if (status >= StatusCodes.Status500InternalServerError)
                    LogFailed(app.Logger, context.Request.Method, context.Request.Path, exception);
                context.Response.Clear();
                context.Response.StatusCode = status;
                await WriteAsync(context, error);
            }
        });
    }

    private static (int Status, ControlError Error) Translate(Exception exception) => exception switch
    {
        ControlException refusal => (refusal.Status, refusal.Error),
        UnreadableBodyException { IsTooLarge: true } body => (StatusCodes.Status413PayloadTooLarge, new ControlError("BODY_TOO_LARGE", "Body Too Large", body.Message)),
        UnreadableBodyException body => (StatusCodes.Status400BadRequest, new ControlError("BODY_UNREADABLE", "Unreadable Body", body.Message)),
        BadHttpRequestException bad => (bad.StatusCode, new ControlError("REQUEST_UNREADABLE", "Unreadable Request", "The request cannot be read.")),
        _ => (StatusCodes.Status500InternalServerError, new ControlError("INTERNAL", "Internal Error", "The proxy failed; its log says why.")),
    };

    private static Task WriteAsync(HttpContext context, ControlError error) =>
        context.Response.WriteAsJsonAsync(error, ControlJson.Options, context.RequestAborted);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void LogFailed(ILogger logger, string method, PathString path, Exception exception);
}
