using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TenantPlatform.AppHost.Operators;

/// <summary>How whoever runs the application gets into its console.</summary>
internal static class SignInExtensions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gives the console a one-time token with each start and prints its link when the console is ready. The command <c>sign-in</c>
    /// makes another one, which is how the next operator gets in.
    /// </summary>
    /// <param name="console">The console.</param>
    /// <param name="key">Its key, for which it makes tokens.</param>
    public static IResourceBuilder<ProjectResource> WithSignIn(this IResourceBuilder<ProjectResource> console, IResourceBuilder<ParameterResource> key)
    {
        string? token = null;
        return console
            .WithEnvironment(context => context.EnvironmentVariables["Console__Tokens__Operator"] = token = RandomNumberGenerator.GetHexString(32, lowercase: true))
            .OnResourceReady((_, ready, _) =>
            {
                ready.Services.GetRequiredService<ILoggerFactory>().CreateLogger("AppHost").LogInformation(
                    "Console: {Link} (opens once)", $"{console.GetEndpoint("http").Url}/sign-in?token={token}");
                return Task.CompletedTask;
            })
            .WithCommand(
                "sign-in",
                "New sign-in link",
                context => IssueAsync(console.GetEndpoint("http").Url, key.Resource, context.CancellationToken),
                new CommandOptions
                {
                    Description = "Makes a link that signs one operator in, once, within 15 minutes.",
                    IconName = "PersonKey",
                    IsHighlighted = true,
                    UpdateState = static context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
                });
    }

    private static async Task<ExecuteCommandResult> IssueAsync(string console, ParameterResource key, CancellationToken cancellationToken)
    {
        try
        {
            using var http = new HttpClient { Timeout = Patience };
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{console}/sign-in/tokens");
            request.Headers.Add("X-API-Key", await key.GetValueAsync(cancellationToken));
            using var response = await http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
                return CommandResults.Failure($"The console answers {(int)response.StatusCode}.");
            var path = (await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("path").GetString();
            return CommandResults.Success("A link that opens once, within 15 minutes.", $"{console}{path}", CommandResultFormat.Text, displayImmediately: true);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return CommandResults.Failure("The console does not answer.");
        }
    }
}
