using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using TenantPlatform.Hosting.Telemetry.Store;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>
/// Takes OTLP over HTTP into the store. Whatever is sent, it answers; nothing a sender does reaches the host as an exception.
/// Safe for concurrent use.
/// </summary>
internal sealed class OtlpReceiver(TelemetryOptions options, TelemetryStore store) : IDisposable
{
    private readonly OtlpLimits _limits = options.Otlp;
    private readonly ApiKeyCheck _key = new(options.ApiKey);
    private readonly StringPool _pool = new();
    private readonly SemaphoreSlim _turns = new(options.Otlp.MaxConcurrentMessages);
    private long _accepted;
    private long _malformed;
    private long _refused;

    /// <summary>How many messages were taken, and refused.</summary>
    public OtlpCounts Counts => new(Interlocked.Read(ref _accepted), Interlocked.Read(ref _malformed), Interlocked.Read(ref _refused));

    public Task ReceiveTracesAsync(HttpContext context) =>
        ReceiveAsync(context, (message, decoding) => store.Add(TraceReader.Read(message, decoding)));

    public Task ReceiveLogsAsync(HttpContext context) =>
        ReceiveAsync(context, (message, decoding) => store.Add(LogReader.Read(message, decoding)));

    public Task ReceiveMetricsAsync(HttpContext context) =>
        ReceiveAsync(context, (message, decoding) => store.Add(MetricReader.Read(message, decoding)));

    public void Dispose() => _turns.Dispose();

    private async Task ReceiveAsync(HttpContext context, MessageHandler handle)
    {
        if (Refusal(context.Request) is var (status, reason))
        {
            Interlocked.Increment(ref _refused);
            await OtlpAnswer.FailAsync(context, status, reason);
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(_limits.ReadLimit);
        try
        {
            await _turns.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await FailAsync(context, StatusCodes.Status503ServiceUnavailable, "Too many messages at one time: send again later.");
            return;
        }

        try
        {
            await ReadAsync(context, handle, limit.Token);
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task ReadAsync(HttpContext context, MessageHandler handle, CancellationToken cancellationToken)
    {
        try
        {
            using var body = await OtlpBody.ReadAsync(context.Request, IsCompressed(context.Request), _limits.MaxMessageBytes, cancellationToken);
            if (body is null)
            {
                await FailAsync(context, StatusCodes.Status413PayloadTooLarge, TooLarge());
                return;
            }

            handle(body.Message, new DecodingContext(_limits, _pool));
            Interlocked.Increment(ref _accepted);
            await OtlpAnswer.SucceedAsync(context);
        }
        catch (Exception exception) when (exception is MalformedMessageException or InvalidDataException)
        {
            Interlocked.Increment(ref _malformed);
            await OtlpAnswer.FailAsync(context, StatusCodes.Status400BadRequest, $"The body cannot be read. {exception.Message}");
        }
        catch (BadHttpRequestException exception)
        {
            await FailAsync(context, exception.StatusCode, exception.Message);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The sender went away, or sends too slowly.
            await FailAsync(context, StatusCodes.Status408RequestTimeout, $"The body did not arrive within {_limits.ReadLimit.TotalSeconds} s.");
        }
    }

    private async Task FailAsync(HttpContext context, int status, string reason)
    {
        Interlocked.Increment(ref _refused);
        if (!context.RequestAborted.IsCancellationRequested)
            await OtlpAnswer.FailAsync(context, status, reason);
    }

    private (int Status, string Reason)? Refusal(HttpRequest request)
    {
        if (!_key.Accepts(request))
            return (StatusCodes.Status401Unauthorized, $"The header '{ApiKeyCheck.Header}' is missing or wrong: set OTEL_EXPORTER_OTLP_HEADERS.");
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals(OtlpAnswer.Protobuf, StringComparison.OrdinalIgnoreCase))
        {
            return (StatusCodes.Status415UnsupportedMediaType,
                $"Only '{OtlpAnswer.Protobuf}' is understood: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf.");
        }

        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && !IsCompressed(request)
            && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return (StatusCodes.Status415UnsupportedMediaType, "Only the content encoding 'gzip' is understood, or none.");
        }

        return request.ContentLength > _limits.MaxMessageBytes ? (StatusCodes.Status413PayloadTooLarge, TooLarge()) : null;
    }

    private static bool IsCompressed(HttpRequest request) =>
        request.Headers.ContentEncoding.ToString().Equals("gzip", StringComparison.OrdinalIgnoreCase);

    private string TooLarge() => $"The message is longer than {_limits.MaxMessageBytes} bytes: send smaller batches.";
}
