namespace TenantManager.Api.Changes;

/// <summary>How far the change feed has come.</summary>
/// <param name="Epoch">Tells this state from any other; another one after a backup was restored.</param>
/// <param name="Position">The position of the latest change.</param>
internal sealed record FeedHead(Guid Epoch, long Position)
{
    /// <summary>Whether the feed can go on from a cursor. One that is ahead is from a state that a restored backup has taken back.</summary>
    public bool Continues(ChangeCursor? cursor) => cursor is { } since && since.Epoch == Epoch && since.Position <= Position;
}
