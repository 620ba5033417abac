using System.Text.RegularExpressions;

namespace TenantPlatform.Hosting.Dashboard.Resources;

/// <summary>Tells which values must not be shown, by their names and by what is in them.</summary>
internal static partial class SensitiveText
{
    /// <summary>A value as it may be shown: masked whole when its name says so, and without the credentials in it otherwise.</summary>
    public static ValueView View(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value) && NameOfSecret().IsMatch(name))
            return new ValueView(name, Value: null, IsMasked: true);
        return new ValueView(name, value is null ? null : WithoutCredentials(value), IsMasked: false);
    }

    /// <summary>As <see cref="View"/>; but an expression that only names another value is shown, whatever it is called.</summary>
    public static ValueView ViewExpression(string name, string expression) =>
        Reference().IsMatch(expression) ? new ValueView(name, expression, IsMasked: false) : View(name, expression);

    /// <summary>A text with the passwords of addresses and connection strings taken out.</summary>
    public static string WithoutCredentials(string text) => InConnectionString().Replace(InAddress().Replace(text, "${before}••••••@"), "${before}••••••");

    [GeneratedRegex("passw|pwd|secret|token|api[-_.]?key|signing[-_.]?key|private|credential|connectionstring|encryption", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NameOfSecret();

    [GeneratedRegex("^\\{[^{}]+\\}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Reference();

    [GeneratedRegex("(?<before>[a-z][a-z0-9+.-]*://[^:/@\\s]*:)[^@/\\s]+@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex InAddress();

    [GeneratedRegex("(?<before>(password|pwd|secret|access_?key|token)\\s*=\\s*)[^;,\\s&]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex InConnectionString();
}
