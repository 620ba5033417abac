namespace Cache.Core.AspNetCore.Store;

/// <summary>What is stored of a representation: all of it, or the parts that were received (RFC 9111, sections 3.3 and 3.4). Immutable.</summary>
internal sealed class StoredBody
{
    public const int MostParts = 16;

    /// <param name="parts">The parts, ordered, none over another.</param>
    /// <param name="completeLength">The representation's length; null while it is not known.</param>
    public StoredBody(IReadOnlyList<BodyPart> parts, long? completeLength)
    {
        (Parts, CompleteLength) = (parts, completeLength);
        Weight = parts.Sum(static part => part.Length);
        IsComplete = completeLength is { } length && Covers(0, length);
    }

    public static StoredBody Empty { get; } = new([], 0);

    public IReadOnlyList<BodyPart> Parts { get; }

    public long? CompleteLength { get; }

    public bool IsComplete { get; }

    public long Weight { get; }

    /// <summary>Whether the bytes from <paramref name="from"/> up to <paramref name="until"/> are all there.</summary>
    public bool Covers(long from, long until)
    {
        foreach (var part in Parts)
        {
            if (part.Offset > from)
                break;
            from = Math.Max(from, part.End);
        }

        return from >= until;
    }

    /// <summary>How many bytes there are from the beginning without a gap.</summary>
    public long Beginning()
    {
        var end = 0L;
        foreach (var part in Parts)
        {
            if (part.Offset > end)
                break;
            end = Math.Max(end, part.End);
        }

        return end;
    }

    /// <summary>With a part more; null when there would be too many.</summary>
    public StoredBody? With(BodyPart part, long? completeLength)
    {
        // What lies within the new part is its to replace; what overlaps is read until the other begins.
        List<BodyPart> parts = [.. Parts.Where(one => one.Offset < part.Offset || one.End > part.End), part];
        parts.Sort(static (one, other) => one.Offset.CompareTo(other.Offset));
        return parts.Count > MostParts ? null : new StoredBody(parts, completeLength ?? CompleteLength);
    }
}
