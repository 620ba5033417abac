using System.Text.Json;
using System.Text.Json.Serialization;

namespace TenantPlatform.Hosting.Dashboard;

/// <summary>How the dashboard's JSON is written: camel case, enums by name, absent instead of null.</summary>
internal static class DashboardJson
{
    /// <summary>The options of everything that is written by hand.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    public static void Configure(JsonSerializerOptions options)
    {
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Converters.Add(new JsonStringEnumConverter());
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
