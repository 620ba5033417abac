using System.Text;

namespace Crm.Api.Holders;

/// <summary>What a document is found by: its letters and digits, however it is punctuated.</summary>
internal static class Document
{
    private const int Longest = 100;

    public static bool IsUsable(string? document) => document is { Length: <= Longest } && document.Any(char.IsLetterOrDigit) && !document.Any(char.IsControl);

    /// <summary>The value that is hashed: an organization's holders say nothing of another one's.</summary>
    public static byte[] Value(Guid organization, string document)
    {
        var text = new StringBuilder(document.Length);
        foreach (var c in document.Normalize(NormalizationForm.FormKC))
        {
            if (char.IsLetterOrDigit(c))
                text.Append(char.ToUpperInvariant(c));
        }

        return [.. organization.ToByteArray(), .. Encoding.UTF8.GetBytes(text.ToString())];
    }
}
