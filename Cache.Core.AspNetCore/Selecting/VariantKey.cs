using System.Security.Cryptography;
using System.Text;
using Cache.Core.AspNetCore.Fields;
using Cache.Core.AspNetCore.Store;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Selecting;

/// <summary>Keys of a resource's variants (RFC 9111, section 4.1): a hash over what the request has in the selecting fields, normalised.</summary>
internal static class VariantKey
{
    public static string Of(string resource, IReadOnlyList<string> fields, IHeaderDictionary request)
    {
        StringBuilder selecting = new();
        foreach (var field in fields)
            selecting.Append(field).Append(request.TryGetValue(field, out var values) ? '=' : '-').Append(Normalised.Of(field, values)).Append('\n');
        return $"v:{resource} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(selecting.ToString())))}";
    }

    /// <summary>The key of a variant in the language that the request likes best, where language alone selects; null when there is none.</summary>
    public static string? ByLanguage(VariantIndex variants, IHeaderDictionary request)
    {
        if (variants.Languages.Length == 0 || Normalised.BestLanguage(request.AcceptLanguage) is not { } best)
            return null;
        foreach (var (language, key) in variants.Languages)
        {
            if (language == best)
                return key;
        }

        return null;
    }

    /// <summary>The fields of a <c>Vary</c>, and those that the route's policy adds, in lower case and sorted.</summary>
    public static string[] Fields(IHeaderDictionary response, IReadOnlyList<string> added) => response.Vary.Count == 0
        ? [.. added]
        : [.. FieldList.Members(response.Vary).Select(static field => field.ToLowerInvariant()).Concat(added).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
