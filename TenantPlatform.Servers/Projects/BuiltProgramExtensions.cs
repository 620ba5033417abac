using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace TenantPlatform.Servers;

/// <summary>Starts a project by the program that was built, without <c>dotnet run</c> around it.</summary>
public static class BuiltProgramExtensions
{
    /// <summary>
    /// Lets Aspire start the built program itself. The process that the resource shows is then the service's own, so that what is done
    /// to it is done to the service; and it starts sooner and leaves out <c>dotnet run</c>'s memory.
    /// </summary>
    /// <remarks>
    /// Where an IDE starts projects to debug them, under <c>dotnet watch</c>, and where the program has not been built, the project is
    /// started as ever. The program is looked for in the artifacts folder that it shares with the AppHost (<c>UseArtifactsOutput</c>).
    /// </remarks>
    public static IResourceBuilder<ProjectResource> WithBuiltProgram(this IResourceBuilder<ProjectResource> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var configuration = builder.ApplicationBuilder.Configuration;
        var isDebugged = Debugger.IsAttached || !string.IsNullOrEmpty(configuration["DEBUG_SESSION_PORT"]);
        var isWatched = configuration.GetValue("DOTNET_WATCH", defaultValue: false);
        var project = builder.Resource.GetProjectMetadata().ProjectPath;
        return isDebugged || isWatched || ProgramOf(project) is not { } program
            ? builder
            : builder.WithAnnotation(new ExecutableAnnotation { Command = program, WorkingDirectory = Path.GetDirectoryName(project)! });
    }

    // artifacts/bin/<AppHost>/<configuration>/ beside artifacts/bin/<project>/<configuration>/
    private static string? ProgramOf(string project)
    {
        var ours = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        if (ours.Parent?.Parent is not { } artifacts)
            return null;
        var name = Path.GetFileNameWithoutExtension(project);
        var program = Path.Combine(artifacts.FullName, name, ours.Name, OperatingSystem.IsWindows() ? $"{name}.exe" : name);
        return File.Exists(program) ? program : null;
    }
}
