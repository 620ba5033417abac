using System.Reflection;
using System.Runtime.ExceptionServices;
using Cache.Core.Fencing;
using Cache.Core.Valkey;

namespace Cache.Core.AspNetCore.Tests.Hosting;

/// <summary>An L2 that answers as ever, and stores when it is let.</summary>
public class LateWrites : DispatchProxy
{
    private object _inner = null!;
    private Func<Task> _let = null!;

    public static ICacheClient Of(ICacheClient inner, Func<Task> let) => Wrap(inner, let);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.ReturnType == typeof(IFence))
            return Wrap((IFence)Call(targetMethod, args)!, _let);
        if (targetMethod.Name is nameof(IFence.StoreAsync) or nameof(IFence.PutAsync))
            return new ValueTask<FenceOutcome>(LateAsync(targetMethod, args));
        return Call(targetMethod, args);
    }

    private static T Wrap<T>(T inner, Func<Task> let)
        where T : class
    {
        var proxy = Create<T, LateWrites>();
        var late = (LateWrites)(object)proxy;
        (late._inner, late._let) = (inner, let);
        return proxy;
    }

    private async Task<FenceOutcome> LateAsync(MethodInfo method, object?[]? arguments)
    {
        await _let().WaitAsync(TimeSpan.FromSeconds(60));
        return await (ValueTask<FenceOutcome>)Call(method, arguments)!;
    }

    private object? Call(MethodInfo method, object?[]? arguments)
    {
        try
        {
            return method.Invoke(_inner, arguments);
        }
        catch (TargetInvocationException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException!);
            throw;
        }
    }
}
