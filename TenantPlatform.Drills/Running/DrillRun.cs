using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TenantPlatform.Drills.Evidence;

namespace TenantPlatform.Drills;

/// <summary>Carries out a drill while the pods are watched.</summary>
internal static partial class DrillRun
{
    private static readonly TimeSpan UsualWatch = TimeSpan.FromSeconds(5);

    public static async Task<ExecuteCommandResult> ExecuteAsync(ExecuteCommandContext context, Func<ExecuteCommandContext, Task<string>> act)
    {
        try
        {
            var span = Watch(context.Services.GetRequiredService<IConfiguration>());
            if (span == TimeSpan.Zero || context.Services.GetService<DrillWatch>() is not { } watch)
                return CommandResults.Success(await DoAsync(context, act));
            await using var observation = await watch.BeginAsync(context.CancellationToken);
            var done = await DoAsync(context, act);
            var evidence = await observation.EndAsync(span, context.CancellationToken);
            return CommandResults.Success(
                $"{done} {evidence.Summary}", $"{done}\n\n{evidence.Markdown}", CommandResultFormat.Markdown, displayImmediately: true);
        }
        catch (DrillException exception)
        {
            return CommandResults.Failure(exception.Message);
        }
    }

    private static async Task<string> DoAsync(ExecuteCommandContext context, Func<ExecuteCommandContext, Task<string>> act)
    {
        var done = await act(context);
        LogDone(context.Logger, done);
        return done;
    }

    private static TimeSpan Watch(IConfiguration configuration) => configuration["Drills:Watch"] is not { Length: > 0 } text
        ? UsualWatch
        : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span >= TimeSpan.Zero && span <= TimeSpan.FromMinutes(10)
            ? span
            : throw new DrillException($"Drills:Watch is '{text}'; it takes a time such as 00:00:05, up to ten minutes, or 00:00:00 for none.");

    [LoggerMessage(LogLevel.Information, "Drill: {Done}")]
    private static partial void LogDone(ILogger logger, string done);
}
