using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Scale;

/// <summary>docs/scale.md.</summary>
internal static class ScalePage
{
    private const string FiguresBegin = "<!-- figures, by ScaleTests -->\n";
    private const string FiguresEnd = "<!-- /figures -->";

    public static string Path { get; } = System.IO.Path.Combine(Repository.Root, "docs", "scale.md");

    public static string Text => File.ReadAllText(Path);

    /// <summary>The table of figures as it is on the page.</summary>
    public static string Figures => Text.Split(FiguresBegin)[1].Split(FiguresEnd)[0];

    /// <summary>Name and value of each row of the section "Defaults".</summary>
    public static Dictionary<string, string> Defaults => Text.Split("\n## Defaults\n")[1].Split("\n## ")[0].Split('\n')
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(cells => cells[1].Trim('`'), cells => cells[2], StringComparer.Ordinal);

    public static void Write(string figures)
    {
        var text = Text;
        File.WriteAllText(Path, $"{text.Split(FiguresBegin)[0]}{FiguresBegin}{figures}{FiguresEnd}{text.Split(FiguresEnd)[1]}");
    }
}
