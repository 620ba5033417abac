namespace TenantManager.Contracts.Settings;

/// <summary>A setting is missing or invalid. The message names the variable and what to do, and never repeats a secret value.</summary>
public sealed class InvalidSettingException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="name">The variable's name.</param>
    /// <param name="problem">What is wrong and what to do, continuing the sentence that the name starts.</param>
    /// <param name="innerException">What failed, if anything did.</param>
    public InvalidSettingException(string name, string problem, Exception? innerException = null)
        : base($"{name} {problem}", innerException)
    {
        Name = name;

        // Whoever shows it need not know this type.
        Data["setting"] = name;
    }

    /// <summary>The variable's name.</summary>
    public string Name { get; }
}
