using System.Text.Json;
using TenantManager.Contracts;
using TenantManager.Contracts.Events;

namespace TenantManager.Client.Events;

/// <summary>A message of the channel of lifecycle events, which anybody may have published.</summary>
internal static class TenantEventMessage
{
    /// <summary>What it says; null when it cannot be read, or lacks its type or a valid tenant.</summary>
    public static (string Type, TenantId Tenant, ServiceEventPayload Payload)? Read(ReadOnlyMemory<byte> message)
    {
        try
        {
            var received = JsonSerializer.Deserialize<TenantEvent>(message.Span, ContractJson.Options);
            if (received is null || string.IsNullOrEmpty(received.EventType) || !TenantId.TryParse(received.TenantId, out var tenant))
                return null;
            var payload = received.Payload is { ValueKind: JsonValueKind.Object } body
                ? body.Deserialize<ServiceEventPayload>(ContractJson.Options)
                : null;
            return (received.EventType, tenant, payload ?? new ServiceEventPayload());
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
