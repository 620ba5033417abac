using System.Globalization;
using System.Text.Json;
using TenantManager.Contracts.Reference;
using TenantPlatform.ServiceKit.Validation;

namespace Crm.Api.Holders;

/// <summary>Checks of what a holder consists of.</summary>
internal static class PersonalTexts
{
    /// <summary>Every text in a part of a body: at most 256 characters, without control characters.</summary>
    public static FieldChecks Texts<T>(this FieldChecks checks, string field, T? part)
        where T : class
    {
        if (part is not null)
            Walk(checks, field, JsonSerializer.SerializeToElement(part, CrmJson.Writing));
        return checks;
    }

    public static FieldChecks Date(this FieldChecks checks, string field, string? text) => checks.That(
        text is null || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), field, "must be a date such as 1990-12-31");

    public static FieldChecks Email(this FieldChecks checks, string field, string? text) => checks.That(
        text is null || (text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < text.Length - 1 && !text.Any(char.IsWhiteSpace)), field, "must be an e-mail address");

    /// <param name="checks">The checks.</param>
    /// <param name="field">The country's path.</param>
    /// <param name="address">The address.</param>
    /// <param name="countries">Those that there are; null: any that has the form.</param>
    public static FieldChecks Country(this FieldChecks checks, string field, Address? address, ReferenceSet? countries)
    {
        if (address?.Country is not { } code)
            return checks;
        if (code.Length != 2 || !code.All(char.IsAsciiLetterUpper))
            return checks.That(false, field, "must be the two capital letters of ISO 3166-1, such as BR");

        // Two letters say nothing of anybody; whatever else was sent may, and is not repeated.
        return checks.That(countries is null || countries.Find(code) is not null, field, $"is '{code}', which is no country of the reference data: use a code of ISO 3166-1, such as BR");
    }

    private static void Walk(FieldChecks checks, string field, JsonElement element)
    {
        foreach (var property in element.EnumerateObject())
        {
            var path = $"{field}.{property.Name}";
            if (property.Value.ValueKind == JsonValueKind.Object)
                Walk(checks, path, property.Value);
            else
                checks.Text(path, property.Value.GetString());
        }
    }
}
