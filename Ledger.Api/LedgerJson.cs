using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Api.Amounts;
using TenantPlatform.ServiceDefaults.Http;

namespace Ledger.Api;

/// <summary>How the ledger reads and writes JSON: strictly, and decimals exactly.</summary>
internal static class LedgerJson
{
    /// <summary>For bodies that are read.</summary>
    public static JsonSerializerOptions Reading { get; } = Create(JsonBody.Strict);

    /// <summary>For bodies that are stored and answered.</summary>
    public static JsonSerializerOptions Writing { get; } = Create(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });

    public static void Configure(IServiceCollection services) => services.ConfigureHttpJsonOptions(json =>
    {
        json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.SerializerOptions.Converters.Add(new AmountConverter());
    });

    private static JsonSerializerOptions Create(JsonSerializerOptions basis)
    {
        var options = new JsonSerializerOptions(basis);
        options.Converters.Add(new AmountConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
