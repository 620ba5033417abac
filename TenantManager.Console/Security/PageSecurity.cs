using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.CookiePolicy;
using Microsoft.AspNetCore.HttpOverrides;

namespace TenantManager.Console.Security;

/// <summary>What browsers are told about every page: scripts and styles come from here alone, and nobody frames it.</summary>
internal static class PageSecurity
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    /// <summary>
    /// Whether the browser came by https, from whatever ingress, whose addresses nobody knows beforehand. Who sends it himself deceives
    /// himself alone: it decides where a provider is told to lead him back to.
    /// </summary>
    public static ForwardedHeadersOptions WhatTheIngressSays
    {
        get
        {
            var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedProto };
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            return options;
        }
    }

    public static void UsePageSecurity(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            return next(context);
        });
        if (!app.Environment.IsDevelopment())
            app.UseHsts();

        // Secure whatever the last hop was: TLS ends at the ingress, and browsers take localhost for secure.
        app.UseCookiePolicy(new CookiePolicyOptions { Secure = CookieSecurePolicy.Always, HttpOnly = HttpOnlyPolicy.Always, MinimumSameSitePolicy = SameSiteMode.Lax });
    }

    /// <summary>One policy is enough: Blazor's own would be sent beside it.</summary>
    public static void LeaveFramesToTheHeader(ServerComponentsEndpointOptions options) => options.ContentSecurityFrameAncestorsPolicy = null;
}
