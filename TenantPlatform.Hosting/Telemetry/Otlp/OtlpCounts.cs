namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>How many messages were taken, and refused.</summary>
/// <param name="Accepted">Decoded and stored.</param>
/// <param name="Malformed">Answered with 400: no such message, or beyond a limit.</param>
/// <param name="Refused">Refused unread: wrong key, content type or encoding, too large, too slow, too many at one time.</param>
internal sealed record OtlpCounts(long Accepted, long Malformed, long Refused);
