using System.Globalization;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using TenantManager.Contracts.Settings;

namespace Crm.Api.Ledgers;

/// <summary>How the ledger is reached: <c>CRM_LEDGER_URL</c>, a name for service discovery or an address, within <c>CRM_LEDGER_TIMEOUT_MS</c>.</summary>
internal static class LedgerRegistration
{
    private const int UsualTimeout = 3000;
    private const int LongestAnswer = 256 * 1024;
    private const int Attempts = 3;

    /// <exception cref="InvalidSettingException">A setting is wrong.</exception>
    public static void AddLedger(this WebApplicationBuilder builder)
    {
        var (address, timeout) = (Address(builder.Configuration), Timeout(builder.Configuration));
        builder.Services.AddHttpClient<LedgerClient>(client =>
            {
                client.BaseAddress = address;
                client.Timeout = System.Threading.Timeout.InfiniteTimeSpan; // bounded below
                client.MaxResponseContentBufferSize = LongestAnswer;
            })
            .RemoveAllLoggers() // they would log the caller's token where somebody asks for Trace
            .RemoveAllResilienceHandlers() // its bounds are the service's usual ones, far above what a caller of the CRM waits for
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
            .AddStandardResilienceHandler(options => Bound(options, timeout)).Services
            .Configure<Microsoft.Extensions.Http.HttpClientFactoryOptions>(nameof(LedgerClient), options => options.HttpMessageHandlerBuilderActions.Add(Outermost));
    }

    private static void Bound(HttpStandardResilienceOptions options, TimeSpan timeout)
    {
        options.TotalRequestTimeout.Timeout = timeout;
        options.AttemptTimeout.Timeout = timeout / Attempts;
        options.Retry.MaxRetryAttempts = Attempts - 1;
        options.Retry.Delay = TimeSpan.FromMilliseconds(20);
        options.Retry.BackoffType = DelayBackoffType.Exponential;
        options.Retry.UseJitter = true;
        options.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(Math.Max(30, timeout.TotalSeconds));
        options.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(5);
    }

    /// <summary>A retry asks service discovery again, and so meets another pod; the default, which was removed, stood so too.</summary>
    private static void Outermost(Microsoft.Extensions.Http.HttpMessageHandlerBuilder builder)
    {
        var resilience = builder.AdditionalHandlers.OfType<ResilienceHandler>().ToList();
        foreach (var handler in resilience)
            builder.AdditionalHandlers.Remove(handler);
        for (var i = 0; i < resilience.Count; i++)
            builder.AdditionalHandlers.Insert(i, resilience[i]);
    }

    private static Uri Address(IConfiguration configuration)
    {
        const string Name = "CRM_LEDGER_URL";
        var text = configuration[Name] is { } given && !string.IsNullOrWhiteSpace(given) ? given.Trim() : "http://ledger";
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" or "https+http" && address.UserInfo.Length == 0
            ? new UriBuilder(address) { Path = $"{address.AbsolutePath.TrimEnd('/')}/" }.Uri
            : throw new InvalidSettingException(Name, "is unusable: expected the ledger's address, such as 'http://ledger', without a password.");
    }

    private static TimeSpan Timeout(IConfiguration configuration)
    {
        const string Name = "CRM_LEDGER_TIMEOUT_MS";
        if (configuration[Name] is not { } text || string.IsNullOrWhiteSpace(text))
            return TimeSpan.FromMilliseconds(UsualTimeout);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is >= 100 and <= 60_000
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new InvalidSettingException(Name, $"is '{text}': expected milliseconds from 100 to 60000.");
    }
}
