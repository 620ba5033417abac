using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Generates a random value.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    /// <summary>The least length in characters.</summary>
    public int MinLength { get; set; } = 22;

    /// <summary>Whether it may have lower-case letters.</summary>
    public bool Lower { get; set; } = true;

    /// <summary>Whether it may have upper-case letters.</summary>
    public bool Upper { get; set; } = true;

    /// <summary>Whether it may have digits.</summary>
    public bool Numeric { get; set; } = true;

    /// <summary>Whether it may have special characters.</summary>
    public bool Special { get; set; } = true;

    /// <inheritdoc/>
    public override string GetDefaultValue()
    {
        var alphabet = string.Concat(
            Lower ? "abcdefghjkmnpqrstuvwxyz" : string.Empty,
            Upper ? "ABCDEFGHJKMNPQRSTUVWXYZ" : string.Empty,
            Numeric ? "0123456789" : string.Empty,
            Special ? "-_.{}~()*+!" : string.Empty);
        if (alphabet.Length == 0)
            throw new InvalidOperationException("A generated value needs at least one kind of character.");
        return RandomNumberGenerator.GetString(alphabet, MinLength);
    }
}
