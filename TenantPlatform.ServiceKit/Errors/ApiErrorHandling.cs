using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;
using TenantManager.Client.Middleware;
using TenantManager.Contracts;
using TenantPlatform.ServiceDefaults.Http;

namespace TenantPlatform.ServiceKit.Errors;

/// <summary>Turns whatever goes wrong into the documented body.</summary>
public static partial class ApiErrorHandling
{
    /// <summary>Adds it. Belongs before the tenant's resolution; failures are logged by kind, never with values.</summary>
    /// <param name="app">The application.</param>
    /// <param name="translate">What an exception means in this service; null for what it leaves to the rest.</param>
    public static void UseApiErrors(this WebApplication app, Func<Exception, ApiException?>? translate = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseStatusCodePages(context => context.HttpContext.Response.WriteAsJsonAsync(
            context.HttpContext.Response.StatusCode switch
            {
                404 => new ApiError("NOT_FOUND", "Not Found", "There is nothing at this path."),
                405 => new ApiError("METHOD_NOT_ALLOWED", "Method Not Allowed", $"{context.HttpContext.Request.Method} is not possible here."),
                415 => new ApiError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type", "The body must be JSON: send 'Content-Type: application/json'."),
                _ => new ApiError("REFUSED", "Refused", "The request was refused."),
            },
            ContractJson.Options,
            context.HttpContext.RequestAborted));
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
            {
                var refusal = translate?.Invoke(exception) ?? Translate(exception);
                if (refusal.Status >= 500)
                {
                    // Opened once more: the tenant's scope ended with the middleware inside of this one.
                    using var scope = context.Features.Get<TenantContext>() is { } known
                        ? app.Logger.BeginScope(new[] { KeyValuePair.Create<string, object?>("tenant.id", known.Tenant.Value) })
                        : null;
                    LogFailed(app.Logger, context.Request.Method, context.GetEndpoint()?.DisplayName, exception.GetType().Name, (exception as PostgresException)?.SqlState);
                }

                context.Response.Clear();
                context.Response.StatusCode = refusal.Status;
                await context.Response.WriteAsJsonAsync(refusal.Error, ContractJson.Options, context.RequestAborted);
            }
        });
    }

    private static ApiException Translate(Exception exception) => exception switch
    {
        ApiException refusal => refusal,
        UnreadableBodyException { IsTooLarge: true } body => ApiErrors.TooLarge(body.Message),
        UnreadableBodyException body => ApiErrors.Unreadable(body.Message),
        BadHttpRequestException => ApiErrors.Unreadable("The request cannot be read."),
        NpgsqlException { IsTransient: true } or TimeoutException => ApiErrors.Unavailable(),
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } => ApiErrors.Unavailable(),
        _ => ApiErrors.Internal(),
    };

    // By kind only: a message of the database may quote values.
    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Endpoint} failed: {Kind} {SqlState}")]
    private static partial void LogFailed(ILogger logger, string method, string? endpoint, string kind, string? sqlState);
}
