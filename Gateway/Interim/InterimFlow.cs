using Cache.Core.AspNetCore.Forwarding;

namespace Gateway.Interim;

/// <summary>Whose interim answers come on the connection that the present flow writes a request to.</summary>
internal static class InterimFlow
{
    private static readonly AsyncLocal<IInterimResponses?> Flow = new();

    public static IInterimResponses? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }
}
