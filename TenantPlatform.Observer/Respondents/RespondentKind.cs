namespace TenantPlatform.Observer.Respondents;

/// <summary>What is asked.</summary>
internal enum RespondentKind
{
    /// <summary>A pod: its own memory, and Valkey behind it.</summary>
    Pod,

    /// <summary>Valkey, which every pod reads that has nothing in its own memory.</summary>
    Valkey,
}
