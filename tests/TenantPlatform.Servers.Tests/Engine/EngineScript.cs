namespace TenantPlatform.Servers.Tests.Engine;

/// <summary>A shell script that stands in for an engine's program, and keeps what it was asked.</summary>
internal sealed class EngineScript : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("engine-");

    /// <param name="name">The program's name: docker or podman.</param>
    /// <param name="body">What it does.</param>
    public EngineScript(string name, string body)
    {
        Path = System.IO.Path.Combine(_directory.FullName, name);
        File.WriteAllText(Path, $"#!/bin/sh\necho \"$*\" >> \"$0.asked\"\n{body}\n");
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Path { get; }

    /// <summary>The arguments of each call.</summary>
    public IReadOnlyList<string> Asked => File.Exists($"{Path}.asked") ? File.ReadAllLines($"{Path}.asked") : [];

    public static EngineScript Answering() => new("docker", "echo 99.0");

    public static EngineScript Silent() => new("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1");

    public void Dispose() => _directory.Delete(recursive: true);
}
