using TenantManager.Console.Configuration;
using TenantManager.Console.Layout;
using TenantManager.Console.Security;
using TenantManager.Console.SignIn;
using TenantPlatform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddConsole();

var app = builder.Build();
app.UseForwardedHeaders(PageSecurity.WhatTheIngressSays);
app.UsePageSecurity();
app.UseRateLimiter();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();

app.MapDefaultEndpoints();
app.MapStaticAssets();
app.MapSignIn();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode(PageSecurity.LeaveFramesToTheHeader).RequireAuthorization(Roles.MayLook);

await app.RunAsync();

namespace TenantManager.Console
{
    /// <summary>The service's entry point, named so that tests can host it.</summary>
    public partial class Program;
}
