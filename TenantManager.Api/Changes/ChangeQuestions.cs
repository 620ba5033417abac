using TenantManager.Api.Diagnostics;
using TenantManager.Api.Errors;
using TenantManager.Contracts.Changes;

namespace TenantManager.Api.Changes;

/// <summary>Answers what has changed since a cursor, at once or when something has, within the time that the asker grants.</summary>
internal sealed class ChangeQuestions(ChangeWatch watch, ChangePages pages, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>How long a look at the state is waited for. No answer is given without one that began after the question came.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="ApiException">The state cannot be read.</exception>
    public async Task<ChangePage> AskAsync(string service, ChangeCursor? since, int limit, TimeSpan wait, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        using var watching = watch.Begin();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            var look = await FirstLookAsync(asked, ended.Token);
            using var granted = new CancellationTokenSource(wait, time);
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, granted.Token);
            while (true)
            {
                var isReset = !look.Head!.Continues(since);
                var after = isReset ? 0 : since!.Value.Position;
                var page = after < look.Head.Position
                    ? await pages.ReadAsync(look.Head, service, after, limit, cancellationToken)
                    : new FeedPage([], after, More: false);
                var cursor = new ChangeCursor(look.Head.Epoch, page.Position);
                if (isReset || page.Changes.Count > 0)
                    return Answer(cursor, page, isReset, asked, look);

                // Nothing, as of the latest look that saw no further.
                var last = watch.Last;
                if (waiting.IsCancellationRequested && last.Head == look.Head)
                    return Answer(cursor, page, isReset, asked, last);

                // What changed was of other services.
                since = cursor;
                await look.Moved.Task.WaitAsync(waiting.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
                look = watch.Last;
            }
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            ManagerDiagnostics.FeedAnswered("failed");
            throw;
        }
    }

    private async Task<FeedLook> FirstLookAsync(long asked, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await watch.LookAsync(asked, either.Token);
        }
        catch (OperationCanceledException)
        {
            throw ApiErrors.Unavailable();
        }
    }

    private ChangePage Answer(ChangeCursor cursor, FeedPage page, bool isReset, long asked, FeedLook look)
    {
        ManagerDiagnostics.FeedAnswered(isReset ? "reset" : page.Changes.Count > 0 ? "changes" : "nothing");
        var readAfter = time.GetElapsedTime(asked, look.Began);
        return new ChangePage(cursor.ToString(), page.Changes, isReset, page.More, Math.Max(0, (long)readAfter.TotalMilliseconds));
    }
}
