using Spectre.Console.Rendering;

namespace TenantPlatform.CommandLine;

/// <summary>Erases the bar before what is printed in its place: it is drawn again below, but not all of it would be written over.</summary>
internal sealed class AboveTheBar(IRenderable printed) : Renderable
{
    private const string EraseBelow = "\e[J";

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        [Segment.Control(EraseBelow), .. printed.Render(options, maxWidth)];
}
