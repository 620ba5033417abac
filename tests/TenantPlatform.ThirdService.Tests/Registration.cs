using System.Text.RegularExpressions;

namespace TenantPlatform.ThirdService.Tests;

/// <summary>What the page adds to AppHost.cs, read as the environment in which the service is started.</summary>
internal static partial class Registration
{
    /// <summary>The variables of the service's process.</summary>
    /// <param name="values">What the page's expressions stand for here; one that is missing fails the test.</param>
    public static IReadOnlyDictionary<string, string?> Environment(IReadOnlyDictionary<string, string> values)
    {
        var block = Page.Additions.Single(addition => addition.File.EndsWith("AppHost.cs", StringComparison.Ordinal)).Text;
        var environment = Given().Matches(block).ToDictionary(
            match => match.Groups["name"].Value,
            match => (string?)(match.Groups["value"].Value is ['"', .. var text, '"'] && !text.Contains('"', StringComparison.Ordinal) ? text : values[match.Groups["value"].Value]),
            StringComparer.Ordinal);
        Assert.Equal(block.Split(".WithEnvironment(").Length - 1, environment.Count);

        Assert.Contains(".WithReference(l2, connectionName: \"valkey\")", block, StringComparison.Ordinal);
        environment["ConnectionStrings__valkey"] = values["l2"];
        Assert.Contains(".WithReference(tenantManager)", block, StringComparison.Ordinal);
        environment["services__tenant-manager__http__0"] = values["tenantManager"];

        // What AddService does.
        Assert.Contains("builder.AddService<Projects.Notes_Api>", block, StringComparison.Ordinal);
        environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        return environment;
    }

    [GeneratedRegex(@"\.WithEnvironment\(""(?<name>\w+)"", (?<value>.+)\);?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Given();
}
