namespace Cache.Core.Samples.Stage;

/// <summary>What the samples cache: an exchange rate.</summary>
internal sealed record Price(string Currency, decimal Rate);
