using System.Text.Json;
using System.Text.Json.Serialization;

namespace TenantManager.Contracts;

/// <summary>How the contract's types look as JSON: camel case, absent instead of null.</summary>
public static class ContractJson
{
    /// <summary>The one set of options for everything that crosses the wire or enters the shared cache. Read-only.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.Strict,
            MaxDepth = 32,
            Converters = { new Rfc3339Converter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
