using System.Globalization;
using System.Text.Json;
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

    public static FieldChecks Country(this FieldChecks checks, string field, Address? address) => checks.That(
        address?.Country is null or { Length: 2 } && (address?.Country ?? string.Empty).All(char.IsAsciiLetterUpper), field, "must be the two capital letters of ISO 3166-1");

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
