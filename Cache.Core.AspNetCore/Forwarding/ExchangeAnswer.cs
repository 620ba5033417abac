using Cache.Core.AspNetCore.Directives;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Forwarding;

/// <summary>The head of an origin's answer.</summary>
internal readonly record struct ExchangeAnswer(OriginResponse Response, ResponseDirectives Directives, DateTimeOffset RequestTime, DateTimeOffset ResponseTime)
{
    public int Status => Response.StatusCode;

    public IHeaderDictionary Headers => Response.Headers;
}
