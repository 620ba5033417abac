using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TenantPlatform.TestKit;

namespace TenantPlatform.Hosting.Tests.Application;

/// <summary>Commands of resources: the ones that all have, and the AppHost's own.</summary>
public sealed class CommandTests : DescribedApplication
{
    [Fact]
    public async Task Lifecycle_CommandsAreOfferedAsTheStateAllows()
    {
        Builder.AddExecutable("worker", "sleep", ".", "60").WithExplicitStart();
        var app = await StartAsync();
        Assert.Equal(KnownResourceStates.NotStarted, Now(app, "worker").State?.Text);
        Assert.Equal(["start"], Offered(app));

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("worker", KnownResourceCommands.StartCommand, Limit.Token)).Success);
        Assert.Equal(["stop", "restart"], Offered(app));
        var again = await app.ResourceCommands.ExecuteCommandAsync("worker", KnownResourceCommands.StartCommand, Limit.Token);
        Assert.False(again.Success);
        Assert.Contains("cannot be executed while 'worker' is Running", again.Message, StringComparison.Ordinal);

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("worker", KnownResourceCommands.StopCommand, Limit.Token)).Success);
        Assert.Equal(["start", "restart"], Offered(app));
        Assert.Equal(143, Now(app, "worker").ExitCode);
    }

    [Fact]
    public async Task Stop_OfAResourceThatWaits_GivesUpItsStart()
    {
        var never = Builder.AddExecutable("never", "sleep", ".", "60").WithExplicitStart();
        Builder.AddExecutable("waiting", "sleep", ".", "60").WaitFor(never);
        var app = await StartAsync();
        await app.ResourceNotifications.WaitForResourceAsync("waiting", KnownResourceStates.Waiting, Limit.Token);

        var stopped = await app.ResourceCommands.ExecuteCommandAsync("waiting", KnownResourceCommands.StopCommand, Limit.Token);

        Assert.True(stopped.Success, stopped.Message);
        Assert.Equal(KnownResourceStates.Exited, Now(app, "waiting").State?.Text);
    }

    [Fact]
    public async Task WithCommand_IsShownAndExecuted_WithItsLog()
    {
        Builder.AddExecutable("worker", "sleep", ".", "60").WithCommand(
            "greet",
            "Greet",
            context =>
            {
                context.Logger.LogInformation("greeting {Name}", context.ResourceName);
                return Task.FromResult(CommandResults.Success("greeted", "hello", CommandResultFormat.Text));
            },
            new CommandOptions { ConfirmationMessage = "Really?", Description = "Says hello.", IsHighlighted = true });
        var app = await StartAsync();
        await app.ResourceNotifications.WaitForResourceAsync("worker", cancellationToken: Limit.Token);

        var result = await app.ResourceCommands.ExecuteCommandAsync("worker", "greet", Limit.Token);

        Assert.Equal((true, "greeted", "hello"), (result.Success, result.Message, result.Data?.Value));
        var shown = Now(app, "worker").Commands.Single(command => command.Name == "greet");
        Assert.Equal(("Greet", "Really?", "Says hello.", true), (shown.DisplayName, shown.ConfirmationMessage, shown.DisplayDescription, shown.IsHighlighted));
        await app.ResourceCommands.ExecuteCommandAsync("worker", KnownResourceCommands.StopCommand, Limit.Token);
        Assert.Contains("greeting worker", await LinesOfEndedAsync(app, "worker"));
    }

    [Fact]
    public async Task WithCommand_Throws_IsAFailureWithThatMessage()
    {
        Builder.AddExecutable("worker", "sleep", ".", "60")
            .WithCommand("break", "Break", _ => throw new InvalidOperationException("the reason"));
        var app = await StartAsync();

        var broken = await app.ResourceCommands.ExecuteCommandAsync("worker", "break", Limit.Token);
        var unknown = await app.ResourceCommands.ExecuteCommandAsync("worker", "fly", Limit.Token);
        var nobody = await app.ResourceCommands.ExecuteCommandAsync("nobody", "start", Limit.Token);

        Assert.Equal((false, "the reason"), (broken.Success, broken.Message));
        Assert.Contains("It has: break, start, stop, restart", unknown.Message, StringComparison.Ordinal);
        Assert.Equal("There is no resource 'nobody'.", nobody.Message);
    }

    [Theory]
    [InlineData("/ok", true)]
    [InlineData("/refuse", false)]
    public async Task WithHttpCommand_SendsTheRequest_AndItsStatusDecides(string path, bool succeeds)
    {
        var asked = new List<string>();
        await using var server = WebApplication.CreateSlimBuilder().Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.Run(context =>
        {
            asked.Add($"{context.Request.Method} {context.Request.Path} {context.Request.Headers["X-Key"]}");
            context.Response.StatusCode = context.Request.Path == "/ok" ? 200 : 409;
            return context.Response.WriteAsync("{\"done\":true}");
        });
        await server.StartAsync(Limit.Token);
        Builder.AddExecutable("web", "sleep", ".", "60")
            .WithHttpEndpoint(port: new Uri(server.Urls.First()).Port)
            .WithHttpCommand(path, "Do it", commandName: "do-it", commandOptions: new HttpCommandOptions
            {
                ResultMode = HttpCommandResultMode.Json,
                PrepareRequest = context =>
                {
                    context.Request.Headers.Add("X-Key", "secret");
                    return Task.CompletedTask;
                },
            });
        var app = await StartAsync();
        await app.ResourceNotifications.WaitForResourceAsync("web", cancellationToken: Limit.Token);

        var result = await app.ResourceCommands.ExecuteCommandAsync("web", "do-it", Limit.Token);

        Assert.Equal([$"POST {path} secret"], asked);
        Assert.Equal(succeeds, result.Success);
        if (succeeds)
            Assert.Equal(CommandResultFormat.Json, result.Data?.Format);
        else
            Assert.Equal("The answer was 409 Conflict.", result.Message);
    }

    private static string[] Offered(DistributedApplication app) =>
        [.. Now(app, "worker").Commands.Where(command => command.State == ResourceCommandState.Enabled).Select(command => command.Name)];
}
