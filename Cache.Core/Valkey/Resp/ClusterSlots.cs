using System.Globalization;

namespace Cache.Core.Valkey.Resp;

/// <summary>Reads the answer of <c>CLUSTER SLOTS</c>: ranges, each with its primary first.</summary>
internal static class ClusterSlots
{
    public static byte[] Command { get; } = RespCommand.Encode("CLUSTER", "SLOTS");

    /// <summary>The primaries that own slots, as <c>host:port</c>.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="host">The host that was asked: a node that does not know its own name means that one.</param>
    /// <exception cref="RespProtocolException">The answer is of another shape, or names none.</exception>
    public static HashSet<string> Primaries(RespValue reply, string host)
    {
        var primaries = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var range in reply.Items)
            primaries.Add(Primary(range, host));
        return primaries.Count > 0 ? primaries : throw new RespProtocolException("The cluster has no primary with slots.");
    }

    /// <summary>The slots' primaries, as <c>host:port</c>; null where a slot has none.</summary>
    /// <inheritdoc cref="Primaries"/>
    public static string?[] BySlot(RespValue reply, string host)
    {
        var primaries = new string?[ClusterSlot.Count];
        foreach (var range in reply.Items)
        {
            var primary = Primary(range, host);
            if (range.Items is not [{ Number: >= 0 and var first }, { Number: < ClusterSlot.Count and var last }, ..] || first > last)
                throw new RespProtocolException("CLUSTER SLOTS names slots that there are not.");
            primaries.AsSpan((int)first, (int)(last - first) + 1).Fill(primary);
        }

        return primaries;
    }

    private static string Primary(RespValue range, string host) =>
        range.Items is [_, _, { Items: [var name, { Kind: RespKind.Number } port, ..] }, ..]
            ? string.Create(CultureInfo.InvariantCulture, $"{(name.Text is "" or "?" ? host : name.Text)}:{port.Number}")
            : throw new RespProtocolException("CLUSTER SLOTS was answered in a shape of its own.");
}
