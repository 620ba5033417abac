namespace Cache.Core.AspNetCore.Store;

/// <summary>A run of a representation's bytes, kept in pieces under keys of their own. Immutable.</summary>
/// <param name="Id">What the pieces' keys are made of; unique.</param>
/// <param name="Offset">Where in the representation it begins.</param>
/// <param name="Lengths">The pieces' lengths, in order.</param>
internal sealed record BodyPart(string Id, long Offset, int[] Lengths)
{
    private string[]? _keys;

    public long Length { get; } = Lengths.Sum(static length => (long)length);

    public long End => Offset + Length;

    /// <summary>The pieces' keys; made once, as a hit wants them without building texts.</summary>
    public string[] Keys => _keys ??= [.. Lengths.Select((_, n) => $"{Id}-{n}")];
}
