namespace Cache.Core.Administration;

/// <summary>What one step of a <see cref="PatternDeletion"/> has done.</summary>
/// <param name="Dropped">Values that are gone.</param>
/// <param name="Overtaken">Keys without a value whose fetches in flight can store nothing any more.</param>
/// <param name="Left">Keys looked at and left for a later step, which holds their value.</param>
/// <param name="Spared">Keys that match and are not to be deleted.</param>
/// <param name="IsLast">Whether everything has been walked over.</param>
public sealed record DropStep(int Dropped, int Overtaken, int Left, int Spared, bool IsLast);
