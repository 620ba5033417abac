namespace Cache.Core.Tiered;

/// <summary>An option that is out of range.</summary>
internal sealed record OptionFault(string Option, object Value, string Expected);
