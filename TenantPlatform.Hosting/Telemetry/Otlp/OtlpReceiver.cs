using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using TenantPlatform.Hosting.Telemetry.Store;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>
/// Takes OTLP over HTTP and gRPC into the store. Whatever is sent, it answers; nothing a sender does reaches the host as an exception.
/// Safe for concurrent use.
/// </summary>
internal sealed class OtlpReceiver(TelemetryOptions options, TelemetryStore store, TimeProvider time) : IDisposable
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

    /// <summary>Takes spans.</summary>
    public MessageHandler Traces => (message, decoding) => store.Add(TraceReader.Read(message, decoding));

    /// <summary>Takes structured logs.</summary>
    public MessageHandler Logs => (message, decoding) => store.Add(LogReader.Read(message, decoding));

    /// <summary>Takes metrics.</summary>
    public MessageHandler Metrics => (message, decoding) => store.Add(MetricReader.Read(message, decoding));

    public void Dispose() => _turns.Dispose();

    /// <summary>Takes a message by HTTP.</summary>
    public async Task ReceiveAsync(HttpContext context, MessageHandler handle)
    {
        var failure = Refusal(context.Request) is { } refusal
            ? Refuse(refusal)
            : await TakeAsync(
                stop => OtlpBody.ReadAsync(context.Request.Body, IsCompressed(context.Request), _limits.MaxMessageBytes, stop), handle, context.RequestAborted);
        if (context.RequestAborted.IsCancellationRequested)
            return;
        await (failure is null ? OtlpAnswer.SucceedAsync(context) : OtlpAnswer.FailAsync(context, failure.Status, failure.Reason));
    }

    /// <summary>Takes a message by gRPC.</summary>
    public async Task ReceiveGrpcAsync(HttpContext context, MessageHandler handle)
    {
        if (context.Request.ContentType?.StartsWith(GrpcAnswer.ContentType, StringComparison.OrdinalIgnoreCase) is not true || !HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            Interlocked.Increment(ref _refused);
            return;
        }

        var failure = !_key.Accepts(context.Request)
            ? Refuse(WrongKey())
            : await TakeAsync(stop => GrpcFrame.ReadAsync(context.Request, _limits.MaxMessageBytes, stop), handle, context.RequestAborted);
        if (context.RequestAborted.IsCancellationRequested)
            return;
        await (failure is null ? GrpcAnswer.SucceedAsync(context) : GrpcAnswer.FailAsync(context, failure));
    }

    /// <summary>Reads a message and stores what is in it; null when that went well.</summary>
    private async Task<OtlpFailure?> TakeAsync(Func<CancellationToken, Task<OtlpBody?>> read, MessageHandler handle, CancellationToken aborted)
    {
        using var late = new CancellationTokenSource(_limits.ReadLimit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(aborted, late.Token);
        try
        {
            await _turns.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return Refuse(new OtlpFailure(StatusCodes.Status503ServiceUnavailable, "Too many messages at one time: send again later."));
        }

        try
        {
            using var body = await read(limit.Token);
            if (body is null)
                return Refuse(TooLarge());
            handle(body.Message, new DecodingContext(_limits, _pool));
            Interlocked.Increment(ref _accepted);
            return null;
        }
        catch (Exception exception) when (exception is MalformedMessageException or InvalidDataException)
        {
            Interlocked.Increment(ref _malformed);
            return new OtlpFailure(StatusCodes.Status400BadRequest, $"The body cannot be read. {exception.Message}");
        }
        catch (BadHttpRequestException exception)
        {
            return Refuse(new OtlpFailure(exception.StatusCode, exception.Message));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The sender went away, or sends too slowly.
            return Refuse(new OtlpFailure(StatusCodes.Status408RequestTimeout, $"The body did not arrive within {_limits.ReadLimit.TotalSeconds} s."));
        }
        finally
        {
            _turns.Release();
        }
    }

    private OtlpFailure Refuse(OtlpFailure failure)
    {
        Interlocked.Increment(ref _refused);
        return failure;
    }

    private OtlpFailure? Refusal(HttpRequest request)
    {
        if (!_key.Accepts(request))
            return WrongKey();
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals(OtlpAnswer.Protobuf, StringComparison.OrdinalIgnoreCase))
        {
            return new OtlpFailure(StatusCodes.Status415UnsupportedMediaType,
                $"Only '{OtlpAnswer.Protobuf}' is understood: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf.");
        }

        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && !IsCompressed(request)
            && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return new OtlpFailure(StatusCodes.Status415UnsupportedMediaType, "Only the content encoding 'gzip' is understood, or none.");
        }

        return request.ContentLength > _limits.MaxMessageBytes ? TooLarge() : null;
    }

    private static bool IsCompressed(HttpRequest request) =>
        request.Headers.ContentEncoding.ToString().Equals("gzip", StringComparison.OrdinalIgnoreCase);

    private static OtlpFailure WrongKey() =>
        new(StatusCodes.Status401Unauthorized, $"The header '{ApiKeyCheck.Header}' is missing or wrong: set OTEL_EXPORTER_OTLP_HEADERS.");

    private OtlpFailure TooLarge() => new(StatusCodes.Status413PayloadTooLarge, $"The message is longer than {_limits.MaxMessageBytes} bytes: send smaller batches.");
}
