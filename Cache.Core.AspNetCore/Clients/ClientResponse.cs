using Cache.Core.AspNetCore.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cache.Core.AspNetCore.Clients;

/// <summary>Answers of a client's server and of its cache, as messages and as responses of a pipeline.</summary>
internal static class ClientResponse
{
    /// <summary>The message of an answer whose head is fixed, and whose body may still be on its way.</summary>
    public static HttpResponseMessage Of(HttpRequestMessage request, OriginResponse response, BodyReader reader)
    {
        HttpResponseMessage message = new((System.Net.HttpStatusCode)response.StatusCode) { RequestMessage = request };
        if (response.ReasonPhrase is not null)
            message.ReasonPhrase = response.ReasonPhrase;
        if (request.Method == HttpMethod.Head || response.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
        {
            reader.Dispose();
            message.Content = new ByteArrayContent([]);
        }
        else
        {
            message.Content = new StreamContent(new FollowedStream(reader, () => AddTrailers(message, response)));
        }

        foreach (var field in response.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(field.Key, (IEnumerable<string?>)field.Value))
                message.Content.Headers.TryAddWithoutValidation(field.Key, (IEnumerable<string?>)field.Value);
        }

        return message;
    }

    /// <summary>Gives a pipeline's response the head of a server's answer.</summary>
    public static void CopyHead(HttpResponseMessage answer, HttpResponse response)
    {
        response.StatusCode = (int)answer.StatusCode;
        if (response.HttpContext.Features.Get<IHttpResponseFeature>() is { } feature)
            feature.ReasonPhrase = answer.ReasonPhrase;
        foreach (var field in answer.Headers.NonValidated)
            response.Headers[field.Key] = field.Value.ToArray();
        foreach (var field in answer.Content.Headers.NonValidated)
            response.Headers[field.Key] = field.Value.ToArray();

        // Content is framed anew.
        response.Headers.Remove("Transfer-Encoding");
    }

    /// <summary>Tells on an answer that went past the cache what the cache did.</summary>
    public static void CopyStatus(IHeaderDictionary headers, HttpResponseMessage message)
    {
        foreach (var name in (ReadOnlySpan<string>)["Cache-Status", "X-Cache"])
        {
            message.Headers.Remove(name);
            if (headers.TryGetValue(name, out var values))
                message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
    }

    private static void AddTrailers(HttpResponseMessage message, OriginResponse response)
    {
        foreach (var trailer in response.Trailers)
            message.TrailingHeaders.TryAddWithoutValidation(trailer.Key, (IEnumerable<string?>)trailer.Value);
    }
}
