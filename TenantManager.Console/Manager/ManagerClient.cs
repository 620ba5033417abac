using System.Net.Http.Json;
using System.Text.Json;
using TenantManager.Contracts;

namespace TenantManager.Console.Manager;

/// <summary>Calls the tenant-manager. Everything that goes wrong comes out as a <see cref="ManagerException"/>.</summary>
internal sealed class ManagerClient(HttpClient http)
{
    private const string Away = "The tenant-manager does not answer.";

    /// <summary>Asks for something.</summary>
    /// <exception cref="ManagerException">It is refused, or nobody answers.</exception>
    public Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) => SendAsync<T>(HttpMethod.Get, path, body: null, operatorName: null, cancellationToken);

    /// <summary>Changes something for an operator.</summary>
    /// <exception cref="ManagerException">It is refused, or nobody answers.</exception>
    public async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, string? operatorName, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (operatorName is not null)
            request.Headers.Add(WireHeaders.Operator, Uri.EscapeDataString(operatorName));
        if (body is not null)
            request.Content = JsonContent.Create(body, body.GetType(), options: ContractJson.Options);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw Refusal((int)response.StatusCode, text);
            return text.Length == 0 ? default! : JsonSerializer.Deserialize<T>(text, ContractJson.Options)!;
        }
        catch (HttpRequestException)
        {
            throw new ManagerException(Away, isAway: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ManagerException(Away, isAway: true);
        }
        catch (JsonException)
        {
            throw new ManagerException("The tenant-manager's answer cannot be read: are both of the same version?");
        }
    }

    private static ManagerException Refusal(int status, byte[] text)
    {
        ApiError? error = null;
        try
        {
            error = JsonSerializer.Deserialize<ApiError>(text, ContractJson.Options);
        }
        catch (JsonException)
        {
            // From something in between.
        }

        return status switch
        {
            401 => new ManagerException("The tenant-manager does not know the console's key: Console__ApiKey and TENANT_MANAGER_CONSOLE_KEY must be the same."),
            503 => new ManagerException("The tenant-manager cannot do this at the moment: its database or Valkey is away.", isAway: true),
            _ => new ManagerException(error?.Message ?? $"The tenant-manager answers {status}.", fields: error?.Fields),
        };
    }
}
