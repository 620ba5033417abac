namespace TenantPlatform.Fuzzing;

/// <summary>A parser and what must hold of it, whatever it is given.</summary>
/// <param name="Name">Its name on the command line, and that of its folder in the corpus.</param>
/// <param name="Run">Takes an input. Returns when all that must hold holds, throws when it does not.</param>
internal sealed record FuzzTarget(string Name, Action<byte[]> Run);
