using System.Net.Mime;
using Cache.Core.Valkey;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;
using TenantManager.Contracts;
using TenantPlatform.ServiceDefaults.Http;

namespace TenantManager.Api.Errors;

/// <summary>Turns whatever goes wrong into the documented body.</summary>
internal static partial class ApiErrorHandling
{
    public static void UseApiErrors(this WebApplication app)
    {
        app.UseStatusCodePages(WriteEmptyAsync);
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
            {
                var refusal = Translate(exception);
                if (refusal.Status >= 500)
                    LogFailed(app.Logger, context.Request.Method, context.GetEndpoint()?.DisplayName, exception.GetType().Name, (exception as PostgresException)?.SqlState);
                await WriteAsync(context, refusal);
            }
        });
    }

    public static Task WriteAsync(HttpContext context, ApiException refusal)
    {
        context.Response.Clear();
        context.Response.StatusCode = refusal.Status;
        return WriteAsync(context, refusal.Error);
    }

    private static Task WriteAsync(HttpContext context, ApiError error) => ProblemBody.IsWanted(context.Request)
        ? context.Response.WriteAsJsonAsync(
            ProblemBody.Of(context.Response.StatusCode, error), ContractJson.Options, MediaTypeNames.Application.ProblemJson, context.RequestAborted)
        : context.Response.WriteAsJsonAsync(error, ContractJson.Options, context.RequestAborted);

    private static ApiException Translate(Exception exception) => exception switch
    {
        ApiException refusal => refusal,
        UnreadableBodyException { IsTooLarge: true } body => ApiErrors.TooLarge(body.Message),
        UnreadableBodyException body => ApiErrors.Unreadable(body.Message),
        BadHttpRequestException { StatusCode: 413 } => ApiErrors.TooLarge("The body is too long."),
        BadHttpRequestException => ApiErrors.Unreadable("The request cannot be read."),
        NpgsqlException { IsTransient: true } or TimeoutException or CacheUnavailableException => ApiErrors.Unavailable(),
        _ => ApiErrors.Internal(),
    };

    private static Task WriteEmptyAsync(StatusCodeContext context)
    {
        var (response, request) = (context.HttpContext.Response, context.HttpContext.Request);
        var (code, title, message) = response.StatusCode switch
        {
            404 => ("NOT_FOUND", "Not Found", "There is nothing at this path."),
            405 => ("METHOD_NOT_ALLOWED", "Method Not Allowed", $"{request.Method} is not possible here."),
            415 => ("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type", "The body must be JSON: send 'Content-Type: application/json'."),
            _ => ("REFUSED", "Refused", "The request was refused."),
        };
        return WriteAsync(context.HttpContext, new ApiError(code, title, message));
    }

    // By kind only: a message of the database may quote values.
    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Endpoint} failed: {Kind} {SqlState}")]
    private static partial void LogFailed(ILogger logger, string method, string? endpoint, string kind, string? sqlState);
}
