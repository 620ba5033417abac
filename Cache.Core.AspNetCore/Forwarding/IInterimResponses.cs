using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Forwarding;

/// <summary>A feature of a request: answers of the 1xx class can be sent ahead of the final one (RFC 9110, section 15.2). They are passed on and never stored.</summary>
public interface IInterimResponses
{
    /// <summary>Sends one, unless the final response has begun.</summary>
    /// <param name="status">102 or 103.</param>
    /// <param name="headers">Its header.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask SendAsync(int status, IHeaderDictionary headers, CancellationToken cancellationToken);
}
