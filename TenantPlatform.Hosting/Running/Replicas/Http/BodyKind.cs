namespace TenantPlatform.Hosting.Running;

/// <summary>How the end of a message's body is found.</summary>
internal enum BodyKind
{
    None,

    /// <summary>After so many bytes.</summary>
    Length,

    /// <summary>After a chunk of no bytes.</summary>
    Chunked,

    /// <summary>When the sender closes the connection.</summary>
    UntilClose,
}
