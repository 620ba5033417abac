using System.Text.Json;

namespace TenantPlatform.ServiceDefaults.Http;

/// <summary>
/// A converter's word on a value that it cannot read: <see cref="JsonBody"/> tells the caller what is expected in place of a general remark.
/// </summary>
public sealed class UnexpectedValueException : JsonException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="expected">What is expected, such as <c>must be 1 to 10</c>. Never the value.</param>
    public UnexpectedValueException(string expected)
        : base(expected)
    {
        Expected = expected;
    }

    /// <summary>What is expected.</summary>
    public string Expected { get; }
}
