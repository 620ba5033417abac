namespace Cache.Core.Membership;

/// <summary>A member of a group that is there.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">What it says of itself.</param>
public sealed record Member(string Name, byte[] Value);
