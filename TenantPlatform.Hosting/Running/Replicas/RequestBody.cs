using System.IO.Pipelines;
using System.Net;

namespace TenantPlatform.Hosting.Running;

/// <summary>The body of a request on its way to a replica: read from the client as fast as the replica takes it, and once only.</summary>
/// <remarks>
/// A request without a body gets an empty one of these when it must not be repeated: <see cref="SocketsHttpHandler"/> sends a
/// request again by itself when the connection closes before an answer, but only one that has no content.
/// </remarks>
internal sealed class RequestBody(PipeReader? reader, long? length) : HttpContent
{
    /// <summary>Whether it was begun to be read: it cannot be sent to another replica then.</summary>
    public bool IsConsumed { get; private set; }

    /// <summary>Why the client's side of it failed; null: it did not.</summary>
    public Exception? Failure { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (IsConsumed)
            throw new InvalidOperationException("A request's body was asked for twice.");
        IsConsumed = true;
        if (reader is null)
            return;
        while (true)
        {
            var reading = reader.ReadAsync(cancellationToken);
            if (!reading.IsCompleted)
                await stream.FlushAsync(cancellationToken);
            var result = await ReadAsync(reading);
            foreach (var segment in result.Buffer)
                await stream.WriteAsync(segment, cancellationToken);
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                return;
        }
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length ?? 0;
        return length is not null;
    }

    private async ValueTask<ReadResult> ReadAsync(ValueTask<ReadResult> reading)
    {
        try
        {
            return await reading;
        }
        catch (Exception exception)
        {
            Failure = exception;
            throw;
        }
    }
}
