using TenantManager.Contracts;

namespace TenantPlatform.ServiceKit.Errors;

/// <summary>The refusals that all services share: each code is written here once.</summary>
public static class ApiErrors
{
    /// <summary>404: there is no such entity.</summary>
    public static ApiException NotFound(string entity) => Of(404, "0007", "Entity Not Found", $"There is no such {entity}.", entity);

    /// <summary>400: fields are missing or wrong.</summary>
    /// <param name="entity">The kind of entity.</param>
    /// <param name="fields">What is wrong with each. Never a value.</param>
    public static ApiException InvalidFields(string entity, IReadOnlyDictionary<string, string> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return new(400, new ApiError("0009", "Missing or Invalid Fields", $"Missing or invalid: {string.Join(", ", fields.Keys)}. See 'fields'.", entity, fields));
    }

    /// <summary>400: one field is missing or wrong.</summary>
    public static ApiException InvalidField(string entity, string field, string problem) =>
        InvalidFields(entity, new Dictionary<string, string>(StringComparer.Ordinal) { [field] = problem });

    /// <summary>400: the request cannot be read.</summary>
    public static ApiException Unreadable(string message) => Of(400, "0094", "Body Not Readable", message);

    /// <summary>413: the body is too long.</summary>
    public static ApiException TooLarge(string message) => Of(413, "0094", "Body Too Large", message);

    /// <summary>409: the entity's state does not allow it.</summary>
    public static ApiException WrongState(string entity, string state, string wanted) => Of(409, "0099", "Invalid State", $"The {entity} is {state} and cannot be {wanted}.", entity);

    /// <summary>503: something that is needed is away.</summary>
    public static ApiException Unavailable() => Of(503, "SERVICE_UNAVAILABLE", "Service Unavailable", "Service temporarily unavailable");

    /// <summary>500: something unforeseen.</summary>
    public static ApiException Internal() => Of(500, "INTERNAL_ERROR", "Internal Server Error", "Internal server error");

    /// <summary>A refusal of a service's own.</summary>
    public static ApiException Of(int status, string code, string title, string message, string? entity = null) =>
        new(status, new ApiError(code, title, message, entity));
}
