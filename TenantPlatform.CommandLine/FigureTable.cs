using Spectre.Console;

namespace TenantPlatform.CommandLine;

/// <summary>Tables of figures: what they are of in the first column, the figures aligned to the right.</summary>
public static class FigureTable
{
    /// <summary>A table without rows yet.</summary>
    /// <param name="subject">The heading of the first column.</param>
    /// <param name="figures">The headings of the others.</param>
    public static Table Of(string subject, params IReadOnlyCollection<string> figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        var table = new Table().RoundedBorder().AddColumn(new TableColumn(Markup.Escape(subject)).NoWrap());
        foreach (var figure in figures)
            table.AddColumn(new TableColumn(Markup.Escape(figure)).RightAligned());
        return table;
    }

    /// <summary>Adds a row.</summary>
    /// <param name="table">The table.</param>
    /// <param name="subject">What its figures are of.</param>
    /// <param name="figures">The figures, as they are to be shown.</param>
    public static void Add(this Table table, string subject, params IReadOnlyCollection<string> figures) =>
        table.AddRow([new Text(subject), .. figures.Select(figure => new Text(figure))]);
}
