namespace Cache.Core.Tests.Payloads;

/// <summary>The value of the recorded payloads. It stays as it is: they hold it.</summary>
public sealed record Item(string Name, int Number);
