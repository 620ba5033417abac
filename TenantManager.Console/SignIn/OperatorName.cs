namespace TenantManager.Console.SignIn;

/// <summary>Names of operators, as the audit log will have them.</summary>
internal static class OperatorName
{
    public const int Longest = 64;

    /// <summary>The name without blanks around it; null when it is none.</summary>
    public static string? Read(string? text) =>
        text?.Trim() is { Length: > 0 and <= Longest } name && !name.Any(char.IsControl) ? name : null;
}
