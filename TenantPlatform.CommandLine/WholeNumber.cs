using System.CommandLine;
using System.Globalization;

namespace TenantPlatform.CommandLine;

/// <summary>Options that take a whole number within bounds.</summary>
public static class WholeNumber
{
    /// <summary>An option with a default.</summary>
    /// <param name="name">Its name, such as <c>--seconds</c>.</param>
    /// <param name="description">What it sets, with its unit.</param>
    /// <param name="most">The highest number accepted; the lowest is 1.</param>
    /// <param name="otherwise">The default.</param>
    public static Option<int> Option(string name, string description, int most, int otherwise) => new(name)
    {
        Description = Describe(description, most),
        HelpName = "NUMBER",
        DefaultValueFactory = _ => otherwise,
        CustomParser = argument => Parse(name, argument.Tokens[0].Value, most, argument.AddError) ?? 0,
    };

    /// <summary>An option without which something is left out.</summary>
    /// <param name="name">Its name, such as <c>--seconds</c>.</param>
    /// <param name="description">What it asks for, with its unit.</param>
    /// <param name="most">The highest number accepted; the lowest is 1.</param>
    public static Option<int?> Option(string name, string description, int most) => new(name)
    {
        Description = Describe(description, most),
        HelpName = "NUMBER",
        CustomParser = argument => Parse(name, argument.Tokens[0].Value, most, argument.AddError),
    };

    /// <summary>The number that the text is; null, after saying why, when it is none within the bounds.</summary>
    /// <param name="name">Whose value it is.</param>
    /// <param name="text">The text.</param>
    /// <param name="most">The highest number accepted; the lowest is 1.</param>
    /// <param name="refuse">Told what is wrong.</param>
    public static int? Parse(string name, string text, int most, Action<string> refuse)
    {
        ArgumentNullException.ThrowIfNull(refuse);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most)
            return number;
        refuse($"{name} is '{text}': expected a whole number, 1 to {most}.");
        return null;
    }

    private static string Describe(string description, int most) => $"{description}, 1 to {most}";
}
