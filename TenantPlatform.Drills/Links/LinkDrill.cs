using System.Globalization;
using System.Text;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace TenantPlatform.Drills;

/// <summary>Tells the fault proxy what is to be wrong with a link, and reads back what is.</summary>
internal static class LinkDrill
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public static async Task<string> SetAsync(EndpointReference control, string link, LinkFault fault, CancellationToken cancellationToken)
    {
        try
        {
            var address = new Uri(new Uri(control.Url), $"/links/{link}");
            var before = await SendAsync(HttpMethod.Get, address, body: null, cancellationToken);
            await SendAsync(fault.Body is null ? HttpMethod.Delete : HttpMethod.Put, new Uri($"{address}/fault"), fault.Body, cancellationToken);
            var now = await SendAsync(HttpMethod.Get, address, body: null, cancellationToken);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Link {link} ({Text(now, "listen")} to {Text(now, "target")}) was {Text(before, "state")} and is {Text(now, "state")}; {Open(before)} connections passed through it before, {Open(now)} are open.");
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new DrillException($"The fault proxy could not be told about link '{link}': {exception.Message}", exception);
        }
    }

    private static async Task<JsonElement> SendAsync(HttpMethod method, Uri address, string? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new DrillException($"The fault proxy answered {method} {address.AbsolutePath} with {(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    private static string Text(JsonElement link, string property) => link.GetProperty(property).GetString()!;

    private static long Open(JsonElement link) => link.GetProperty("connections").GetProperty("open").GetInt64();
}
