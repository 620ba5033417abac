using System.Text.Json;
using System.Text.Json.Serialization;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>The bodies of the API, camel case, without what is null.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(ChartPointConverter)])]
[JsonSerializable(typeof(ApiError))]
[JsonSerializable(typeof(CountsBody))]
[JsonSerializable(typeof(InstrumentListBody))]
[JsonSerializable(typeof(LogListBody))]
[JsonSerializable(typeof(SeriesListBody))]
[JsonSerializable(typeof(TraceBody))]
[JsonSerializable(typeof(TraceListBody))]
internal sealed partial class TelemetryJson : JsonSerializerContext;
