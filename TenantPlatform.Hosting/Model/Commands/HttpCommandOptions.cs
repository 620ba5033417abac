namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a command that is an HTTP request is offered and sent.</summary>
public class HttpCommandOptions : CommandOptions
{
    /// <summary>Chooses the endpoint.</summary>
    public Func<EndpointReference>? EndpointSelector { get; set; }

    /// <summary>The name of the client that sends it.</summary>
    public string? HttpClientName { get; set; }

    /// <summary>The method; POST unless told.</summary>
    public HttpMethod? Method { get; set; }

    /// <summary>Completes the request before it is sent.</summary>
    public Func<HttpCommandRequestContext, Task>? PrepareRequest { get; set; }

    /// <summary>Makes the command's result of the answer; null: its status decides.</summary>
    public Func<HttpCommandResultContext, Task<ExecuteCommandResult>>? GetCommandResult { get; set; }

    /// <summary>What becomes of the answer.</summary>
    public HttpCommandResultMode ResultMode { get; set; }
}
