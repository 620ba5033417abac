namespace Gateway.Tests.Hosting;

/// <summary>An answer as the client got it.</summary>
public sealed record Answer(int Status, string Body, string XCache)
{
    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var cache = response.Headers.TryGetValues("X-Cache", out var values) ? values.Single() : string.Empty;
            return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), cache);
        }
    }
}
