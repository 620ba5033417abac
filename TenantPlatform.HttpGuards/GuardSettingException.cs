namespace TenantPlatform.HttpGuards;

/// <summary>A setting of a guard is wrong. The message names the variable and what to do.</summary>
public sealed class GuardSettingException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="name">The variable's name.</param>
    /// <param name="problem">What is wrong and what to do, continuing the sentence that the name starts.</param>
    public GuardSettingException(string name, string problem)
        : base($"{name} {problem}")
    {
        Name = name;

        // Whoever shows it in one line need not know this type.
        Data["setting"] = name;
    }

    /// <summary>The variable's name.</summary>
    public string Name { get; }
}
