using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Tests.Hosting;

/// <summary>What comes after the cache in the pipeline: answers as a test scripts it, and remembers what it was asked.</summary>
public sealed class Origin
{
    private readonly ConcurrentQueue<OriginCall> _calls = new();

    /// <summary>How it answers; the number counts from 1. By default 200, fresh for an hour, with the number as the body.</summary>
    public Func<HttpContext, int, Task> Answer { get; set; } = static (context, number) => Text(context, number.ToString(), ("Cache-Control", "max-age=3600"));

    public IReadOnlyList<OriginCall> Calls => [.. _calls];

    public int Count => _calls.Count;

    public Task HandleAsync(HttpContext context)
    {
        _calls.Enqueue(new OriginCall(context.Request.Method, context.Request.Headers.ToDictionary(static field => field.Key, static field => field.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        return Answer(context, _calls.Count);
    }

    /// <summary>Always this text, under this header.</summary>
    public void Says(string text, params (string Name, string Value)[] fields) => Answer = (context, _) => Text(context, text, fields);

    public static Task Text(HttpContext context, string text, params (string Name, string Value)[] fields)
    {
        foreach (var (name, value) in fields)
            context.Response.Headers.Append(name, value);
        context.Response.ContentLength = text.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(text);
    }
}
