using Microsoft.Extensions.Options;

namespace TenantPlatform.ServiceDefaults.Startup;

/// <summary>Ends a process that is configured wrongly with one line that says what to do, instead of a stack trace.</summary>
/// <remarks>An exception says that it is about a setting by having one in its <see cref="Exception.Data"/>, named <c>setting</c>.</remarks>
internal static class SettingFailures
{
    private const int ExitCode = 78; // EX_CONFIG of sysexits.h
    private static int _installed;

    public static void ShowAsOneLine(string application)
    {
        if (Interlocked.Exchange(ref _installed, 1) != 0)
            return;
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
        {
            if (unhandled.ExceptionObject is not Exception exception || Message(exception) is not { } message)
                return;
            Console.Error.WriteLine($"{application} does not start: {message}");
            Environment.Exit(ExitCode);
        };
    }

    /// <summary>What is wrong with which setting; null when the exception is about something else.</summary>
    internal static string? Message(Exception exception) => exception switch
    {
        OptionsValidationException invalid => invalid.Message,
        _ when exception.Data.Contains("setting") => exception.Message,
        { InnerException: { } inner } => Message(inner),
        _ => null,
    };
}
