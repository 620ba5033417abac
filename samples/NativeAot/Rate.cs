namespace NativeAot;

/// <summary>An exchange rate.</summary>
/// <param name="Currency">Of what.</param>
/// <param name="Value">How much of it.</param>
/// <param name="Reading">The how manieth reading of the source this is.</param>
internal sealed record Rate(string Currency, decimal Value, int Reading);
