using System.CommandLine;

namespace TenantPlatform.CommandLine;

/// <summary>Options that are there, as against those that have their default.</summary>
public static class GivenOptions
{
    /// <summary>Whether the command line has the option.</summary>
    /// <param name="asked">The command line.</param>
    /// <param name="option">The option.</param>
    public static bool Has(this ParseResult asked, Option option)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return asked.GetResult(option) is { Implicit: false };
    }

    /// <summary>Refuses command lines with more than one of these options, because each asks for something else.</summary>
    /// <param name="command">The command.</param>
    /// <param name="options">The options.</param>
    public static void AllowOnlyOneOf(this Command command, params IReadOnlyCollection<Option> options)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.Validators.Add(asked =>
        {
            var given = options.Where(option => asked.GetResult(option) is { Implicit: false }).Select(option => option.Name).ToArray();
            if (given.Length > 1)
                asked.AddError($"{string.Join(" and ", given)} ask for different things: give one of them.");
        });
    }
}
