using TenantManager.Api.Errors;
using TenantManager.Api.Security;
using TenantManager.Api.Storage;
using TenantPlatform.ServiceDefaults.Http;

namespace TenantManager.Api.Audit;

/// <summary><c>/v1/audit/operators</c>: what operators do at the console that changes nothing here, for the audit log.</summary>
internal static class OperatorNotesApi
{
    private const int LongestTarget = 256;

    public static void MapOperatorNotes(this WebApplication app) => app.MapGroup("/v1/audit/operators").WithTags("Audit").RequireAdministrator()
        .MapPost("/", NoteAsync).Accepts<OperatorNote>("application/json").WithName("noteOperator").Produces<OperatorNote>()
        .WithSummary("Writes down that an operator has signed in at the console or has invited another one. For the console's key alone.");

    private static async Task<IResult> NoteAsync(HttpRequest request, CallerAccess callers, AuditTrail audit, StateDatabase database, CancellationToken cancellationToken)
    {
        if (!callers.Current.IsConsole)
            throw ApiErrors.Forbidden("Only the console's key says what its operators do.");
        var note = await JsonBody.ReadAsync<OperatorNote>(request);
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        if (note.Action is not (AuditActions.OperatorSignedIn or AuditActions.OperatorInvited))
            wrong["action"] = $"must be '{AuditActions.OperatorSignedIn}' or '{AuditActions.OperatorInvited}'";
        if (note.Target is not { Length: > 0 and <= LongestTarget } target || target.Any(char.IsControl))
            wrong["target"] = $"must be 1 to {LongestTarget} characters, no control characters";
        if (wrong.Count > 0)
            throw ApiErrors.InvalidFields(wrong);
        await database.ChangeAsync(
            async connection =>
            {
                await audit.AddAsync(connection, new AuditEntry(note.Action!) { Target = note.Target });
                return true;
            },
            cancellationToken);
        return Results.Ok(note);
    }
}
