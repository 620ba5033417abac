using Cache.Core.AspNetCore.Forwarding;
using Cache.Core.AspNetCore.Freshness;
using Cache.Core.AspNetCore.Selecting;
using Cache.Core.AspNetCore.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cache.Core.AspNetCore.Invalidating;

/// <summary>
/// Stores the answer to a POST that says to be the resource's present representation (RFC 9110, section 9.3.3): explicitly fresh, its
/// <c>Content-Location</c> the target. In a process that shares nothing only: the POST itself invalidates, so its fence is noted after that,
/// and whether another change came between the two is known of this process alone.
/// </summary>
internal sealed class PostRecording
{
    private readonly HttpContext _context;
    private readonly ResponseStore _store;
    private readonly StoredResponseFactory _factory;
    private readonly TimeProvider _time;
    private readonly string _key;
    private readonly StreamedBody _body;
    private readonly DateTimeOffset _requestTime;
    private readonly long _changes;
    private readonly HttpCacheOptions _options;

    private PostRecording(HttpContext context, ResponseStore store, StoredResponseFactory factory, HttpCacheOptions options, TimeProvider time, string key)
    {
        (_context, _store, _factory, _time, _key, _options) = (context, store, factory, time, key, options);
        _body = new StreamedBody(options.LargestBody.Bytes);
        _requestTime = time.GetUtcNow();
        _changes = store.ChangesOf(key);
    }

    public static PostRecording? TryBegin(HttpContext context, ResponseStore store, StoredResponseFactory factory, HttpCacheOptions options, TimeProvider time) =>
        !store.IsShared && !options.IsPrivate && HttpMethods.IsPost(context.Request.Method) && CacheKey.Of(context.Request, options.PartitionOf?.Invoke(context)) is { } key
            ? new PostRecording(context, store, factory, options, time, key)
            : null;

    public async Task RunAsync(Func<Task> next)
    {
        var original = _context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new RecordingStream(original.Stream, _body), original));
        try
        {
            await next();
            await _context.Response.CompleteAsync();
            _body.Complete();
        }
        catch (Exception exception)
        {
            _body.Complete(exception);
            throw;
        }
        finally
        {
            _context.Features.Set(original);
        }
    }

    /// <summary>The head is fixed, and what was stored is invalidated.</summary>
    public void OnStarting()
    {
        var response = _context.Response;
        var directives = _factory.Directives(response.Headers);
        var isExplicit = directives.Lifetime > 0 || (!directives.IsTargeted && response.Headers.Expires.Count > 0);
        if (response.StatusCode != StatusCodes.Status200OK || !isExplicit || response.Headers.Vary.Count > 0 || response.Headers.ContentLocation.Count != 1
            || CacheKey.Sibling(_context.Request, _options.PartitionOf?.Invoke(_context), response.Headers.ContentLocation.ToString()) != _key
            || Storability.Refusal(response.StatusCode, response.Headers, directives, _context.Request.Headers.Authorization.Count > 0) is not null)
        {
            _body.StopKeeping();
            return;
        }

        var head = _factory.Create(response.StatusCode, response.Headers, directives, _requestTime, _time.GetUtcNow(), StoredBody.Empty);
        var storing = _store.FetchAloneAsync(_key, head, async (stored, stop) => await KeepAsync(stored, stop)).AsTask();
        _ = storing.ContinueWith(static done => done.Exception, TaskScheduler.Default);

        // Another change was invalidated for between this one's beginning and its fence.
        if (_store.ChangesOf(_key) != _changes + 1)
            _body.StopKeeping();
    }

    private async Task<FetchResult<StoredEntry>> KeepAsync(StoredResponse head, CancellationToken stop)
    {
        if (!await _body.Ended.WaitAsync(stop) || !_body.IsKept)
            return FetchResult<StoredEntry>.Found(StoredEntry.Unshared, options: ResponseStore.LeavingStored);
        var pieces = _body.TakePieces();
        var keptFor = _factory.KeptFor(head, head.ResponseTime);
        BodyPart part = new(Guid.NewGuid().ToString("N"), 0, [.. pieces.Select(static piece => piece.Length)]);
        for (var n = 0; n < pieces.Count; n++)
            await _store.PutPieceAsync(part.Keys[n], pieces[n], keptFor, stop);
        var entry = StoredEntry.Of(head with { Body = new StoredBody([part], part.Length) });
        return FetchResult<StoredEntry>.Found(entry, options: _store.Terms(entry, keptFor));
    }

    private sealed class RecordingStream(Stream target, StreamedBody record) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => target.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await record.WriteAsync(buffer, cancellationToken);
            await target.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException("Responses are written asynchronously.");

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
