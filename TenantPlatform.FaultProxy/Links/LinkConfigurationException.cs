namespace TenantPlatform.FaultProxy.Links;

/// <summary>The configured links cannot be used. The message is one line: what is wrong, where, and what to do.</summary>
internal sealed class LinkConfigurationException(string message, Exception? innerException = null) : Exception(message, innerException);
