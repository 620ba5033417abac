using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Crm.Api.Diagnostics;
using Polly;
using TenantManager.Contracts;

namespace Crm.Api.Ledgers;

/// <summary>Asks the ledger about accounts, for the caller and with the caller's token: who may not see them there learns nothing here.</summary>
internal sealed partial class LedgerClient(HttpClient http, ILogger<LedgerClient> logger)
{
    private const string NotFoundCode = "0007";

    /// <summary>What the ledger says of an account. Never fails for want of the ledger.</summary>
    public async Task<LedgerAnswer> AskAsync(HttpRequest caller, Guid organization, Guid ledger, Guid account, CancellationToken cancellationToken)
    {
        var answer = await TryAskAsync(caller, organization, ledger, account, cancellationToken);
        CrmDiagnostics.Asked(answer.State.ToLowerInvariant());
        return answer;
    }

    private async Task<LedgerAnswer> TryAskAsync(HttpRequest caller, Guid organization, Guid ledger, Guid account, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/organizations/{organization}/ledgers/{ledger}/accounts/{account}");
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(caller.Headers.Authorization.ToString());
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK:
                    return new LedgerAnswer(LedgerAnswer.Confirmed, await ReadAsync<LedgerAccount>(response, cancellationToken));
                case HttpStatusCode.NotFound when (await ReadAsync<ApiError>(response, cancellationToken))?.Code == NotFoundCode:
                    return new LedgerAnswer(LedgerAnswer.Unknown);
                case < HttpStatusCode.InternalServerError:
                    LogAnswered((int)response.StatusCode);
                    return new LedgerAnswer(LedgerAnswer.Refused);
                default:
                    LogAnswered((int)response.StatusCode);
                    return new LedgerAnswer(LedgerAnswer.Unavailable);
            }
        }
        catch (Exception exception) when (IsFailure(exception) && !cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception.GetType().Name);
            return new LedgerAnswer(LedgerAnswer.Unavailable);
        }
    }

    private static bool IsFailure(Exception exception) =>
        exception is HttpRequestException or IOException or OperationCanceledException or ExecutionRejectedException or JsonException;

    private static async Task<T?> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<T>(await response.Content.ReadAsByteArrayAsync(cancellationToken), CrmJson.Writing);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ledger answered {Status} about an account")]
    private partial void LogAnswered(int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ledger did not answer about an account: {Kind}")]
    private partial void LogFailed(string kind);
}
