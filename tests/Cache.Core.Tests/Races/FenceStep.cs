namespace Cache.Core.Tests.Races;

/// <summary>A step of the protocol in Valkey that a test can hold.</summary>
internal enum FenceStep
{
    Read,
    Note,
    Store,
    Put,
    Invalidate,
    Deny,
    MarkAbsent,
    Renew,
    Release,
}
