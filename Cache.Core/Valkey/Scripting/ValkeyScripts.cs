using Cache.Core.Valkey.Direct;
using Cache.Core.Valkey.Resp;
using StackExchange.Redis;

namespace Cache.Core.Valkey.Scripting;

/// <summary>Runs scripts: over the direct connection, or over the library while there is none.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class ValkeyScripts(ValkeyCalls calls)
{
    /// <summary>Runs a script, whose keys lie in one slot. One that the server does not know is sent again, so SCRIPT FLUSH, restarts and failovers do no harm.</summary>
    /// <exception cref="CacheUnavailableException">No answer in time, an error, or the breaker is open.</exception>
    public async ValueTask<RespValue> RunAsync(
        ValkeyScript script, string[] keys, ScriptArgument[] arguments, TimeSpan limit, CancellationToken cancellationToken)
    {
        var known = true;
        while (await calls.TryAskAsync(script.Name, limit, Evaluate(script, known, keys, arguments), cancellationToken).ConfigureAwait(false) is [var reply])
        {
            if (reply.Kind != RespKind.Error)
                return reply;
            if (!known || reply.ErrorCode != "NOSCRIPT")
                throw new CacheUnavailableException($"{script.Name} failed: {reply.ErrorCode}.");
            known = false;
        }

        return await calls.CallAsync(
            script.Name,
            limit,
            (script, keys, arguments),
            static (database, run, flags) => EvaluateAsync(database, run.script, run.keys, run.arguments, flags),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs a script several times in one write, whose keys all lie on one server; null when there is no direct connection to it, or it is not the one to ask for all of them.</summary>
    /// <returns>The replies; where the server does not know the script, its error.</returns>
    /// <exception cref="CacheUnavailableException">No answer in time, an error, or the breaker is open.</exception>
    public ValueTask<RespValue[]?> TryRunManyAsync(
        ValkeyScript script, IReadOnlyList<(string[] Keys, ScriptArgument[] Arguments)> runs, TimeSpan limit, CancellationToken cancellationToken)
    {
        var builder = new RespBuilder(runs.Sum(run => Size(script, known: true, run.Keys, run.Arguments)));
        foreach (var (keys, arguments) in runs)
            Add(ref builder, script, known: true, keys, arguments);
        return calls.TryAskAsync(script.Name, limit, new DirectRequest(runs[0].Keys[0], builder.Written, runs.Count, IsRead: false), cancellationToken);
    }

    /// <summary>By its digest, or by text: then the server keeps it and knows it by its digest from now on.</summary>
    private static DirectRequest Evaluate(ValkeyScript script, bool known, string[] keys, ScriptArgument[] arguments)
    {
        var builder = new RespBuilder(Size(script, known, keys, arguments));
        Add(ref builder, script, known, keys, arguments);
        return new DirectRequest(keys[0], builder.Written, Replies: 1, IsRead: false);
    }

    private static int Size(ValkeyScript script, bool known, string[] keys, ScriptArgument[] arguments)
    {
        var size = 256 + script.Hex.Length + (known ? 0 : script.Text.Length);
        foreach (var key in keys)
            size += (key.Length * 3) + 16;
        foreach (var argument in arguments)
            size += argument.Size + 16;
        return size;
    }

    private static void Add(ref RespBuilder builder, ValkeyScript script, bool known, string[] keys, ScriptArgument[] arguments)
    {
        builder.Begin(3 + keys.Length + arguments.Length);
        builder.Part(known ? "EVALSHA"u8 : "EVAL"u8);
        if (known)
            builder.Part(script.Hex);
        else
            builder.Part(script.Text);
        builder.Part(keys.Length);
        foreach (var key in keys)
            builder.Part(key);
        foreach (var argument in arguments)
            argument.AddTo(ref builder);
    }

    private static async Task<RespValue> EvaluateAsync(
        IDatabase database, ValkeyScript script, string[] keys, ScriptArgument[] arguments, CommandFlags flags)
    {
        var redisKeys = Array.ConvertAll(keys, static key => (RedisKey)key);
        var redisValues = Array.ConvertAll(arguments, static argument => argument.ToRedis());
        try
        {
            return ScriptAnswer.Of(script, await database.ScriptEvaluateAsync(script.Digest, redisKeys, redisValues, flags).ConfigureAwait(false));
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // As EVAL: the library would send SCRIPT LOAD first, which users of the ACL need not be allowed.
            return ScriptAnswer.Of(script, await database.ScriptEvaluateAsync(script.Text, redisKeys, redisValues, flags | CommandFlags.NoScriptCache).ConfigureAwait(false));
        }
    }
}
