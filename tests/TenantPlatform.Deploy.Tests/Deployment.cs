using System.Text.RegularExpressions;
using TenantPlatform.TestKit;

namespace TenantPlatform.Deploy.Tests;

/// <summary>The variables that the chart and the Compose files give to services.</summary>
internal static partial class Deployment
{
    public static IReadOnlySet<string> Variables { get; } = Files()
        .SelectMany(static path => File.ReadLines(path))
        .Select(static line => CommentRegex().Replace(line, string.Empty))
        .Select(static line => InterpolationRegex().Replace(line, string.Empty))
        .SelectMany(static line => VariableRegex().Matches(line))
        .Select(static match => match.Value)
        .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Files()
    {
        var chart = Path.Combine(Repository.Root, "deploy", "helm", "tenant-platform");
        return Directory.EnumerateFiles(chart, "values*.yaml")
            .Append(Path.Combine(chart, "templates", "deployments.yaml"))
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "deploy", "compose"), "*.yaml"));
    }

    [GeneratedRegex(@"(?:^|\s)#.*$", RegexOptions.None, 5000)]
    private static partial Regex CommentRegex();

    // Compose's own variables, which it fills in from .env, and those of a shell within a container.
    [GeneratedRegex(@"\$\{[^}]*\}|\$\$\w+", RegexOptions.None, 5000)]
    private static partial Regex InterpolationRegex();

    [GeneratedRegex(@"(?<![\w$(])(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z][A-Za-z]+(?:__[A-Za-z0-9-]+)+)(?![\w(])", RegexOptions.None, 5000)]
    private static partial Regex VariableRegex();
}
