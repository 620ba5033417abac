using System.Buffers;
using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resources of an application, by unique names.</summary>
internal sealed class ResourceCollection : Collection<IResource>, IResourceCollection
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    protected override void InsertItem(int index, IResource item)
    {
        ArgumentNullException.ThrowIfNull(item);
        Check(item.Name);
        base.InsertItem(index, item);
    }

    private void Check(string name)
    {
        if (name.Length is 0 or > 64 || !char.IsAsciiLetter(name[0]) || name.AsSpan().ContainsAnyExcept(Allowed) || name.EndsWith('-') || name.Contains("--", StringComparison.Ordinal))
        {
            throw new DistributedApplicationException(
                $"The resource name '{name}' is invalid: expected 1 to 64 letters, digits and single dashes, a letter first, no dash last.");
        }

        if (this.Any(present => string.Equals(present.Name, name, StringComparison.OrdinalIgnoreCase)))
            throw new DistributedApplicationException($"There are two resources named '{name}': give one of them another name.");
    }
}
