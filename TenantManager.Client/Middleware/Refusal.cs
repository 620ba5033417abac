using Microsoft.AspNetCore.Http;
using TenantManager.Client.Diagnostics;
using TenantManager.Contracts;

namespace TenantManager.Client.Middleware;

/// <summary>The ways in which a request is refused before its endpoint sees it.</summary>
internal sealed record Refusal(int Status, string Code, string Title, string Message)
{
    public static readonly Refusal NoToken = new(401, "UNAUTHORIZED", "Unauthorized", "A bearer token is required: send 'Authorization: Bearer <token>'.");
    public static readonly Refusal InvalidToken = new(401, "INVALID_TOKEN", "Unauthorized", "The bearer token is invalid or expired.");
    public static readonly Refusal NoTenant = new(401, "MISSING_TENANT", "Unauthorized", "The bearer token has no claim 'tenantId'.");
    public static readonly Refusal InvalidTenant = new(401, "INVALID_TENANT", "Unauthorized", "The bearer token's claim 'tenantId' is not a valid tenant id.");
    public static readonly Refusal UnknownTenant = new(404, "TENANT_NOT_FOUND", "Tenant Not Found", "The tenant does not exist or does not use this service.");
    public static readonly Refusal Unavailable = new(503, "SERVICE_UNAVAILABLE", "Service Unavailable", "Service temporarily unavailable");
    public static readonly Refusal Failed = new(500, "TENANT_DB_ERROR", "Internal Server Error", "Internal server error");

    public static Refusal Denied(string? status) => status is null
        ? new Refusal(403, "0131", "Access Denied", "access to the tenant service is denied")
        : new Refusal(403, "0131", "Service Suspended", $"tenant service is {status}");

    public Task WriteAsync(HttpContext context)
    {
        ClientDiagnostics.Refused(Code);
        context.Response.StatusCode = Status;
        if (Status == 401)
            context.Response.Headers.WWWAuthenticate = Code == "UNAUTHORIZED" ? "Bearer" : "Bearer error=\"invalid_token\"";
        return context.Response.WriteAsJsonAsync(new ApiError(Code, Title, Message), ContractJson.Options, context.RequestAborted);
    }
}
