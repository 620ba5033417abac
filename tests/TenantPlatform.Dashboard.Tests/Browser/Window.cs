using Microsoft.Playwright;
using TenantPlatform.Dashboard.Tests.Demo;

namespace TenantPlatform.Dashboard.Tests.Browser;

/// <summary>A browser window on a dashboard. Disposing it fails the test when the page reported an error.</summary>
internal sealed class Window : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _errors = [];

    public Window(DemoHost demo, IBrowserContext context, IPage page)
    {
        Demo = demo;
        Page = page;
        _context = context;
        page.PageError += (_, error) => _errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" && !message.Text.Contains("status of 40", StringComparison.Ordinal))
                _errors.Add(message.Text);
        };
    }

    public DemoHost Demo { get; }

    public IPage Page { get; }

    /// <summary>What the page reported: script errors, refusals by the content security policy.</summary>
    public IReadOnlyList<string> Errors => _errors;

    public Task GoAsync(string path) => Page.GotoAsync(path);

    /// <summary>The row of a table that begins with a name.</summary>
    public ILocator Row(string name) => Page.Locator($"tr[data-key='{name}']");

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    public ILocator Text(string text) => Page.GetByText(text);

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        await Demo.DisposeAsync();
        Assert.Empty(_errors);
    }
}
