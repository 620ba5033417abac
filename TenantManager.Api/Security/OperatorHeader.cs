using TenantManager.Api.Errors;
using TenantManager.Contracts;

namespace TenantManager.Api.Security;

/// <summary>For whom the console acts. Only its key may say so, and with its key nothing changes that nobody is named for.</summary>
internal static class OperatorHeader
{
    private const int LongestName = 128;

    /// <exception cref="ApiException">The header is not the caller's to send, is missing, or names nobody.</exception>
    public static Caller Read(Caller caller, HttpRequest request)
    {
        var sent = request.Headers[WireHeaders.Operator];
        if (!caller.IsConsole)
            return sent.Count == 0 ? caller : throw ApiErrors.Forbidden($"'{WireHeaders.Operator}' is for the key of TENANT_MANAGER_CONSOLE_KEY alone: leave it out.");
        if (request.Headers.Authorization.Count > 0)
            throw ApiErrors.Forbidden($"The console's key acts for the operator in '{WireHeaders.Operator}': send no bearer token with it.");
        if (sent.Count == 0)
        {
            return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
                ? caller
                : throw ApiErrors.Forbidden($"The console's key changes nothing that nobody is named for: send '{WireHeaders.Operator}'.");
        }

        var name = sent.Count == 1 ? Uri.UnescapeDataString(sent.ToString()).Trim() : string.Empty;
        return name.Length is > 0 and <= LongestName && !name.Any(char.IsControl)
            ? caller with { Subject = name }
            : throw ApiErrors.InvalidFields(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [WireHeaders.Operator] = $"must be one name of 1 to {LongestName} characters, percent-encoded UTF-8, no control characters",
            });
    }
}
