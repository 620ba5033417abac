using System.Text.Json;
using System.Text.Json.Serialization;

namespace NativeAot;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Rate))]
internal sealed partial class RateContext : JsonSerializerContext;
