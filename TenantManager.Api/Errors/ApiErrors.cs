using TenantManager.Contracts;
using TenantManager.Contracts.Reference;

namespace TenantManager.Api.Errors;

/// <summary>The catalogue of refusals: each code is written here once.</summary>
internal static class ApiErrors
{
    public static ApiException Unauthorized(string message) => Of(401, "UNAUTHORIZED", "Unauthorized", message);

    public static ApiException Forbidden(string message) => Of(403, "FORBIDDEN", "Forbidden", message);

    public static ApiException InvalidTenant() =>
        Of(400, "INVALID_TENANT", "Bad Request", $"The tenant id is invalid: expected 1 to {TenantId.MaxLength} characters, a letter or digit first, then letters, digits, '_' or '-'.");

    public static ApiException InvalidService() =>
        Of(400, "INVALID_SERVICE", "Bad Request", "The service's name is invalid: expected 1 to 63 of a-z, 0-9 and '-', not first or last.");

    public static ApiException InvalidFields(IReadOnlyDictionary<string, string> fields) =>
        new(400, new ApiError("0009", "Bad Request", $"Invalid or missing: {string.Join(", ", fields.Keys)}. See 'fields'.", Fields: fields));

    public static ApiException Unreadable(string message) => Of(400, "0094", "Bad Request", message);

    public static ApiException TooLarge(string message) => Of(413, "0094", "Payload Too Large", message);

    public static ApiException TenantNotFound() => Of(404, "TENANT_NOT_FOUND", "Not Found", "There is no such tenant.");

    public static ApiException AssociationNotFound() => Of(404, "ASSOCIATION_NOT_FOUND", "Not Found", "The tenant is not associated with this service.");

    public static ApiException KeyNotFound() => Of(404, "API_KEY_NOT_FOUND", "Not Found", "There is no such API key.");

    public static ApiException KeyNameTaken() =>
        Of(409, "API_KEY_NAME_TAKEN", "Conflict", "Another API key has this name: choose another one, or revoke that key first.");

    public static ApiException DeletionNotFound() =>
        Of(404, "DELETION_NOT_FOUND", "Not Found", "There is no such deletion, or it ended more than a day ago: the audit log has it.");

    public static ApiException ReferenceKindNotFound() => Of(
        404, "REFERENCE_KIND_NOT_FOUND", "Not Found", $"There is no such kind of reference data: expected one of {string.Join(", ", ReferenceKind.All)}.");

    public static ApiException ReferenceEntryNotFound() => Of(404, "REFERENCE_ENTRY_NOT_FOUND", "Not Found", "There is no such entry of reference data.");

    public static ApiException ReferenceCodeTaken(string field) =>
        Of(409, "REFERENCE_CODE_TAKEN", "Conflict", $"Another entry of this kind has this '{field}': change or delete that one first.");

    public static ApiException SlugTaken() => Of(409, "SLUG_TAKEN", "Conflict", "Another tenant has this slug: choose another one.");

    public static ApiException AssociationExists() => Of(409, "ASSOCIATION_EXISTS", "Conflict", "The tenant is already associated with this service.");

    public static ApiException WrongState(string subject, string state, string wanted) =>
        Of(409, "INVALID_STATE", "Conflict", $"The {subject} is {state} and cannot be {wanted}.");

    public static ApiException PreconditionFailed(string message) => Of(412, "PRECONDITION_FAILED", "Precondition Failed", message);

    public static ApiException Unavailable() => Of(503, "SERVICE_UNAVAILABLE", "Service Unavailable", "Service temporarily unavailable");

    public static ApiException Internal() => Of(500, "INTERNAL_ERROR", "Internal Server Error", "Internal server error");

    private static ApiException Of(int status, string code, string title, string message) => new(status, new ApiError(code, title, message));
}
