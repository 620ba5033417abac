namespace TenantManager.Console.Manager;

/// <summary>The tenant-manager has refused something, or does not answer; the message is for the operator.</summary>
public sealed class ManagerException(string message, bool isAway = false, IReadOnlyDictionary<string, string>? fields = null) : Exception(message)
{
    /// <summary>Whether it has not answered at all: what was asked for may have been done or not.</summary>
    public bool IsAway { get; } = isAway;

    /// <summary>What is wrong with each field, by its JSON name.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; } = fields ?? new Dictionary<string, string>(StringComparer.Ordinal);
}
