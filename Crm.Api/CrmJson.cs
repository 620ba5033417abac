using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crm.Api;

/// <summary>How the CRM writes JSON, into answers and into what is sealed.</summary>
internal static class CrmJson
{
    /// <summary>What is absent is left out.</summary>
    public static JsonSerializerOptions Writing { get; } = Create();

    public static void Configure(IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull);

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
