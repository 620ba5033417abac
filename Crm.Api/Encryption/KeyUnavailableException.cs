namespace Crm.Api.Encryption;

/// <summary>What is sealed cannot be opened for want of a key. The message names the key, and never is one.</summary>
internal sealed class KeyUnavailableException(string message) : Exception(message);
