using System.Text.RegularExpressions;
using TenantManager.Api.Errors;

namespace TenantManager.Api.Associations;

/// <summary>What pool limits may be.</summary>
internal static partial class LimitsValidation
{
    private const int MostOpen = 200;
    private const int MostIdle = 50;

    /// <exception cref="ApiException">One is out of range; <c>fields</c> says which.</exception>
    public static void Check(int? open, int? idle, string? statementTimeout, Dictionary<string, string>? wrong = null)
    {
        wrong ??= new Dictionary<string, string>(StringComparer.Ordinal);
        if (open is < 1 or > MostOpen)
            wrong["maxOpenConns"] = $"must be 1 to {MostOpen}";
        if (idle is < 0 or > MostIdle)
            wrong["maxIdleConns"] = $"must be 0 to {MostIdle}";
        if (statementTimeout is not null && !StatementTimeout().IsMatch(statementTimeout))
            wrong["statementTimeout"] = "must be digits and optionally us, ms, s, min, h or d";
        if (wrong.Count > 0)
            throw ApiErrors.InvalidFields(wrong);
    }

    [GeneratedRegex("^[0-9]{1,9}(us|ms|s|min|h|d)?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex StatementTimeout();
}
