using System.Globalization;
using Cache.Core.Coherence.Resp;

namespace Cache.Core.Coherence.Channels;

/// <summary>Reads the answer of <c>CLUSTER SLOTS</c>: ranges, each with its primary first.</summary>
internal static class ClusterSlots
{
    public static byte[] Command { get; } = RespCommand.Encode("CLUSTER", "SLOTS");

    /// <summary>The primaries that own slots, as <c>host:port</c>.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="host">The host that was asked: a node that does not know its own name means that one.</param>
    /// <exception cref="RespProtocolException">The answer is of another shape.</exception>
    public static HashSet<string> Primaries(RespValue reply, string host)
    {
        var primaries = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var range in reply.Items)
        {
            if (range.Items is not [_, _, { Items: [var name, { Kind: RespKind.Number } port, ..] }, ..])
                throw new RespProtocolException("CLUSTER SLOTS was answered in a shape of its own.");
            primaries.Add(string.Create(CultureInfo.InvariantCulture, $"{(name.Text is "" or "?" ? host : name.Text)}:{port.Number}"));
        }

        return primaries;
    }
}
