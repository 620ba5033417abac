using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace TenantPlatform.HttpGuards.Settings;

/// <summary>Reads settings; one that is wrong is refused by its name.</summary>
internal sealed class SettingReader(IConfiguration configuration)
{
    public string? Text(string name) => configuration[name] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    public bool Flag(string name, bool otherwise) => Text(name)?.ToUpperInvariant() switch
    {
        null => otherwise,
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => throw new GuardSettingException(name, $"is '{Text(name)}': it must be 'true' or 'false'."),
    };

    public int Number(string name, int otherwise, int atLeast, int atMost)
    {
        if (Text(name) is not { } text)
            return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= atLeast && number <= atMost
            ? number
            : throw new GuardSettingException(name, $"is '{text}': expected a whole number of {atLeast} to {atMost}.");
    }
}
