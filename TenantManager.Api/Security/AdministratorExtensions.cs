namespace TenantManager.Api.Security;

/// <summary>Puts endpoints under the administrator's guard.</summary>
internal static class AdministratorExtensions
{
    public static RouteGroupBuilder RequireAdministrator(this RouteGroupBuilder group) =>
        group.AddEndpointFilter<AdministratorFilter>().WithMetadata(new AdministratorMetadata());
}
