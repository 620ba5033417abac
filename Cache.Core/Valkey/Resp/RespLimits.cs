namespace Cache.Core.Valkey.Resp;

/// <summary>How much one message may ask for. Beyond it the connection is given up: whoever speaks so is no server of ours.</summary>
internal sealed record RespLimits
{
    public static RespLimits Default { get; } = new();

    /// <summary>The most bytes of one line or one blob.</summary>
    public int Text { get; init; } = 512 * 1024;

    /// <summary>The most values in one message, nested ones and attributes included. A mass change that passes it ends in a reconnect, which unproves everything.</summary>
    public int Values { get; init; } = 100_000;

    /// <summary>The most bytes of one message.</summary>
    public int Message { get; init; } = 16 * 1024 * 1024;

    /// <summary>How deep values may nest.</summary>
    public int Depth { get; init; } = 16;
}
