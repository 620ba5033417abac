using System.Text.Json.Serialization;

namespace TenantPlatform.Hosting.Tests.Replicas;

[JsonSerializable(typeof(LedgerPage))]
internal sealed partial class LedgerJson : JsonSerializerContext;
