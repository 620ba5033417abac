namespace Cache.Core.Valkey.Resp;

/// <summary>Commands as bytes.</summary>
internal static class RespCommand
{
    /// <summary>One command.</summary>
    public static byte[] Encode(params ReadOnlySpan<string> parts)
    {
        var builder = new RespBuilder(64);
        builder.Begin(parts.Length);
        foreach (var part in parts)
            builder.Part(part);
        return builder.Written.ToArray();
    }
}
