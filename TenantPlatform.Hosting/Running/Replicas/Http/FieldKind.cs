namespace TenantPlatform.Hosting.Running;

/// <summary>What a header field is to the front.</summary>
internal enum FieldKind
{
    /// <summary>Between client and replica: passed on as it is, unless <c>Connection</c> names it.</summary>
    Other,

    /// <summary>For this hop only (RFC 9110, section 7.6.1), and of no use to the front.</summary>
    HopByHop,
    Connection,
    ContentLength,
    Expect,
    ForwardedHost,
    ForwardedProto,
    Host,
    TransferEncoding,
    Upgrade,
}
