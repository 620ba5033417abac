namespace TenantPlatform.FaultProxy.Control;

/// <summary>Bytes that a link has passed on since the start.</summary>
/// <param name="ToServer">To the target.</param>
/// <param name="ToClient">Back.</param>
internal sealed record BytesBody(long ToServer, long ToClient);
