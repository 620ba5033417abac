using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Playwright;
using TenantPlatform.Dashboard.Tests.Browser;
using TenantPlatform.Dashboard.Tests.Demo;
using TenantPlatform.TestKit;
using static Microsoft.Playwright.Assertions;

namespace TenantPlatform.Dashboard.Tests.Pages;

[Collection(BrowserCollection.Name)]
public sealed class ResourcesPageTests(BrowserFixture browser)
{
    [Fact]
    public async Task Table_ShowsStateAddressAndExit_OfEveryResource()
    {
        await using var window = await browser.OpenAsync();

        await Expect(window.Page.Locator("tr[data-key]")).ToHaveCountAsync(11 + 2 + 1 + 4);
        await Expect(window.Row("ledger-1")).ToContainTextAsync("Running");
        await Expect(window.Row("ledger-1").GetByRole(AriaRole.Link, new() { NameRegex = Pattern.Of("^127\\.0\\.0\\.1:") })).ToHaveCountAsync(1);
        await Expect(window.Row("ledger-2")).ToContainTextAsync("unhealthy");
        await Expect(window.Row("observer")).ToContainTextAsync("Exited · 134");
        await Expect(window.Page.Locator(".nav .count")).ToHaveTextAsync("2");
    }

    [Fact]
    public async Task StateChange_AppearsWithoutReload()
    {
        await using var window = await browser.OpenAsync();
        await Expect(window.Row("ledger-2")).ToContainTextAsync("unhealthy");

        await window.Demo.Application.PublishAsync("ledger-2", "Running", HealthStatus.Healthy);

        await Expect(window.Row("ledger-2")).Not.ToContainTextAsync("unhealthy");
        await Expect(window.Page.Locator(".nav .count")).ToHaveTextAsync("1");
    }

    [Fact]
    public async Task WhatOthersAre_IsKeptUpToDate_InTheRowAndInTheDetailsOfOneThatDoesNotChange()
    {
        await using var window = await browser.OpenAsync("/?resource=tenant-manager");
        var dot = window.Page.Locator(".drawer").GetByRole(AriaRole.Button, new() { Name = "valkey", Exact = true }).Locator(".dot");
        await window.Demo.Application.PublishAsync("valkey", "Starting");
        await window.Demo.Application.PublishAsync("tenant-manager", "Waiting");
        await Expect(window.Row("tenant-manager")).ToContainTextAsync("for valkey");
        await Expect(dot).ToHaveClassAsync(Pattern.Of("info"));

        await window.Demo.Application.PublishAsync("valkey", "Running", HealthStatus.Healthy);

        await Expect(window.Row("tenant-manager")).Not.ToContainTextAsync("for valkey");
        await Expect(dot).ToHaveClassAsync(Pattern.Of("ok"));
    }

    [Fact]
    public async Task Restart_FromTheRow_IsExecutedAndReported()
    {
        await using var window = await browser.OpenAsync();

        await window.Button("Restart ledger-1").ClickAsync();

        await Expect(window.Page.Locator(".toast")).ToContainTextAsync("Restart: ledger-1");
        Assert.Equal(["ledger-1/restart"], window.Demo.Application.Executed);
    }

    [Fact]
    public async Task StopThenStart_SwapsTheButtons()
    {
        await using var window = await browser.OpenAsync();

        await window.Button("Stop ledger-3").ClickAsync();
        await Expect(window.Row("ledger-3")).ToContainTextAsync("Exited");
        await window.Button("Start ledger-3").ClickAsync();

        await Expect(window.Row("ledger-3")).ToContainTextAsync("Running");
        await Eventually.HoldsAsync("both were executed", () => window.Demo.Application.Executed.SequenceEqual(["ledger-3/stop", "ledger-3/start"]));
    }

    [Fact]
    public async Task CommandWithConfirmation_AsksFirst_AndCancelDoesNothing()
    {
        await using var window = await browser.OpenAsync();

        await window.Button("More for ledger-1").ClickAsync();
        await window.Page.GetByRole(AriaRole.Menuitem, new() { NameRegex = Pattern.Of("^Kill") }).ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Requests in flight fail");
        await window.Button("Cancel").ClickAsync();
        Assert.Empty(window.Demo.Application.Executed);

        await window.Button("More for ledger-1").ClickAsync();
        await window.Page.GetByRole(AriaRole.Menuitem, new() { NameRegex = Pattern.Of("^Kill") }).ClickAsync();
        await window.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Kill" }).ClickAsync();

        await Expect(window.Page.Locator(".toast")).ToContainTextAsync("Kill: ledger-1");
        Assert.Equal(["ledger-1/kill"], window.Demo.Application.Executed);
    }

    [Fact]
    public async Task Replica_HasARowAndCommandsOfItsOwn()
    {
        await using var window = await browser.OpenAsync();
        await Expect(window.Row("gateway-2")).ToContainTextAsync("Running");
        await Expect(window.Row("gateway-2")).ToContainTextAsync("127.0.0.1:41002");
        await Expect(window.Row("gateway")).Not.ToContainTextAsync("127.0.0.1:4100");

        await window.Button("Stop gateway-2").ClickAsync();
        await Expect(window.Row("gateway-2")).ToContainTextAsync("Exited");
        await Expect(window.Row("gateway")).ToContainTextAsync("1 / 2");
        await window.Button("More for gateway-1").ClickAsync();
        await window.Page.GetByRole(AriaRole.Menuitem, new() { NameRegex = Pattern.Of("^Kill") }).ClickAsync();
        await window.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Kill" }).ClickAsync();
        await window.Row("gateway").ClickAsync();
        await window.Page.Locator(".drawer").GetByRole(AriaRole.Button, new() { Name = "Start gateway-2" }).ClickAsync();

        await Expect(window.Row("gateway-2")).ToContainTextAsync("Running");
        Assert.Equal(["gateway-2/stop", "gateway-1/kill", "gateway-2/start"], window.Demo.Application.Executed);
    }

    [Fact]
    public async Task FailedCommand_ShowsItsReason()
    {
        await using var window = await browser.OpenAsync("/?resource=valkey");

        await window.Button("Drop connections").ClickAsync();

        await Expect(window.Page.Locator(".toast.bad")).ToContainTextAsync("4 of 5 connections were dropped");
    }

    [Fact]
    public async Task FailedResource_ShowsItsLastLines()
    {
        await using var window = await browser.OpenAsync();

        await window.Row("observer").ClickAsync();

        await Expect(window.Page.Locator(".drawer")).ToContainTextAsync("Broken pipe");
        await Expect(window.Page.Locator(".drawer")).ToContainTextAsync("Watch.cs:line 88");
    }

    [Fact]
    public async Task Graph_ShowsWhoUsesWhom_AndOpensDetails()
    {
        await using var window = await browser.OpenAsync("/?view=graph");

        await Expect(window.Page.Locator(".graph .node")).ToHaveCountAsync(11);
        await Expect(window.Page.Locator("path.edge[data-from='ledger-1'][data-to='tenant-manager']")).ToHaveCountAsync(1);
        await Expect(window.Page.Locator("path.edge.parent[data-from='tenant-manager-state'][data-to='postgres']")).ToHaveCountAsync(1);
        await Expect(window.Page.Locator(".node.bad")).ToHaveCountAsync(2);
        var (node, dot) = (await window.Page.Locator(".node[data-name='valkey'] .box").BoundingBoxAsync(), await window.Page.Locator(".node[data-name='valkey'] .mark").BoundingBoxAsync());
        Assert.True(dot!.Y > node!.Y && dot.Y + dot.Height < node.Y + node.Height, "The state's dot lies outside its node.");
        await window.Page.Locator(".node[data-name='valkey']").ClickAsync();

        await Expect(window.Page.Locator(".drawer h2")).ToHaveTextAsync("valkey");
    }

    [Fact]
    public async Task Graph_OnAPhone_LetsNoLineRunBehindANode()
    {
        await using var window = await browser.OpenAsync("/?view=graph", 390, 844);
        await Expect(window.Page.Locator(".graph .node")).ToHaveCountAsync(11);

        // Every line is followed pixel by pixel; the nodes that it connects are its own.
        var hidden = await window.Page.EvaluateAsync<string[]>("""
            () => {
              const boxes = [...document.querySelectorAll(".graph .node")].map(node => {
                const [, x, y] = node.getAttribute("transform").match(/translate\(([\d.-]+) ([\d.-]+)\)/).map(Number);
                const box = node.querySelector(".box");
                return { name: node.dataset.name, x, y, right: x + Number(box.getAttribute("width")), bottom: y + Number(box.getAttribute("height")) };
              });
              return [...document.querySelectorAll(".graph path.edge[data-from]")].filter(edge => {
                for (let at = 0; at <= edge.getTotalLength(); at += 2) {
                  const point = edge.getPointAtLength(at);
                  if (boxes.some(box => box.name !== edge.dataset.from && box.name !== edge.dataset.to
                    && point.x > box.x && point.x < box.right && point.y > box.y && point.y < box.bottom)) return true;
                }
                return false;
              }).map(edge => `${edge.dataset.from} to ${edge.dataset.to}`);
            }
            """);

        Assert.Empty(hidden);
    }

    [Theory]
    [InlineData("/?resource=ledger-1")]
    [InlineData("/?resource=valkey")]
    [InlineData("/?resource=service-api-key")]
    [InlineData("/api/resources")]
    public async Task Secret_IsSentToNoPage(string path)
    {
        await using var window = await browser.OpenAsync(path);
        if (!path.StartsWith("/api", StringComparison.Ordinal))
            await Expect(window.Page.Locator(".drawer .masked").First).ToBeVisibleAsync();

        Assert.DoesNotContain(DemoApplication.Secret, await window.Page.ContentAsync(), StringComparison.Ordinal);
    }
}
