namespace WebFarm;

/// <summary>Stands for a page that takes long to render.</summary>
internal sealed class Products
{
    private readonly Guid _process = Guid.NewGuid();
    private int _renderings;

    public string Render() => $"shoes, hats (rendering {Interlocked.Increment(ref _renderings)} of process {_process:N})";
}
