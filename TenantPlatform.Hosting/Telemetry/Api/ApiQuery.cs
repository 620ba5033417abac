using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>Reads a query; the first parameter that cannot be read is named in <see cref="Error"/>.</summary>
internal sealed class ApiQuery(IQueryCollection query)
{
    /// <summary>What is wrong and what to do; null: nothing.</summary>
    public string? Error { get; private set; }

    /// <summary>A parameter's value; null when it is missing or empty.</summary>
    public string? Text(string name)
    {
        var value = query[name].ToString();
        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    public string Required(string name)
    {
        var value = Text(name);
        if (value is null)
            Error ??= $"'{name}' is missing.";
        return value ?? "";
    }

    public bool Flag(string name) => Text(name) switch
    {
        null or "false" or "0" => false,
        "true" or "1" => true,
        _ => Fail(name, "true or false", fallback: false),
    };

    public long Number(string name, long fallback, long min, long max) =>
        Text(name) is not { } text ? fallback
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
        : Fail(name, $"a whole number from {min} to {max}", fallback);

    public double Fraction(string name, double fallback, double min, double max) =>
        Text(name) is not { } text ? fallback
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
        : Fail(name, $"a number from {min} to {max}", fallback);

    /// <summary>Says that a parameter has a value of the wrong kind, which is not repeated.</summary>
    public T Fail<T>(string name, string expected, T fallback)
    {
        Error ??= $"'{name}' must be {expected}.";
        return fallback;
    }
}
