using Microsoft.AspNetCore.Http;

namespace TenantPlatform.HttpGuards;

/// <summary>A request that a guard does not let through.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">A stable code that programs may compare.</param>
/// <param name="Title">What kind of problem it is.</param>
/// <param name="Message">What was wrong with this request and what to do. Never a secret.</param>
public sealed record GuardRefusal(int Status, string Code, string Title, string Message)
{
    /// <summary>Writes <c>{"code","title","message"}</c>, unless the service has said otherwise. Headers that are set stay.</summary>
    internal Task WriteAsync(HttpContext context, Func<HttpContext, GuardRefusal, Task>? write)
    {
        context.Response.StatusCode = Status;
        return write is null
            ? context.Response.WriteAsJsonAsync(new RefusalBody(Code, Title, Message), context.RequestAborted)
            : write(context, this);
    }

    private sealed record RefusalBody(string Code, string Title, string Message);
}
