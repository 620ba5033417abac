using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace TenantPlatform.Hosting.Running;

/// <summary>Executes a command that is an HTTP request.</summary>
internal static class HttpCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<ExecuteCommandResult> ExecuteAsync(ExecuteCommandContext context, EndpointReference endpoint, string path, HttpCommandOptions options)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        limit.CancelAfter(Limit);
        using var client = context.ServiceProvider.GetRequiredService<IHttpClientFactory>().CreateClient(options.HttpClientName ?? string.Empty);
        using var request = new HttpRequestMessage(options.Method ?? HttpMethod.Post, new Uri(new Uri(endpoint.Url), path));
        try
        {
            if (options.PrepareRequest is { } prepare)
            {
                await prepare(new HttpCommandRequestContext
                {
                    ServiceProvider = context.ServiceProvider,
                    ResourceName = context.ResourceName,
                    Endpoint = endpoint,
                    CancellationToken = limit.Token,
                    HttpClient = client,
                    Request = request,
                });
            }

            using var response = await client.SendAsync(request, limit.Token);
            if (options.GetCommandResult is not { } decide)
                return await ResultAsync(response, options.ResultMode, limit.Token);
            return await decide(new HttpCommandResultContext
            {
                ServiceProvider = context.ServiceProvider,
                ResourceName = context.ResourceName,
                Endpoint = endpoint,
                CancellationToken = limit.Token,
                HttpClient = client,
                Response = response,
            });
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            return CommandResults.Failure($"No answer within {Limit.TotalSeconds} s.");
        }
    }

    private static async Task<ExecuteCommandResult> ResultAsync(HttpResponseMessage response, HttpCommandResultMode mode, CancellationToken cancellationToken)
    {
        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}";
        if (!response.IsSuccessStatusCode)
            return CommandResults.Failure($"The answer was {status}.");
        if (mode == HttpCommandResultMode.None)
            return CommandResults.Success(status);
        var isJson = mode == HttpCommandResultMode.Json
            || (mode == HttpCommandResultMode.Auto && response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return text.Length == 0
            ? CommandResults.Success(status)
            : CommandResults.Success(status, text, isJson ? CommandResultFormat.Json : CommandResultFormat.Text);
    }
}
