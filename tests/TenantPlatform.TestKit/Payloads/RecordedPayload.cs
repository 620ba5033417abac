using System.Reflection;
using System.Text;

namespace TenantPlatform.TestKit;

/// <summary>What some version of this code has stored, byte for byte, with a note of which one. Never changed; a new format gets a file of its own.</summary>
/// <remarks>
/// A file has a line <c>wrote:</c> (commit and since when), one <c>holds:</c>, and then for each key a line <c>key:</c> and one of <c>hex:</c>,
/// <c>text:</c> (UTF-8, without the line's end) or <c>hash:</c> (fields of a hash, <c>name=value</c> with blanks between them).
/// </remarks>
public sealed class RecordedPayload
{
    private const string Folder = "Recorded", Extension = ".txt";

    private RecordedPayload(string writtenBy, string holds, IReadOnlyList<RecordedKey> keys) => (WrittenBy, Holds, Keys) = (writtenBy, holds, keys);

    /// <summary>The commit that wrote it first, when, and until when it was the newest format, if it is not.</summary>
    public string WrittenBy { get; }

    /// <summary>What it stands for.</summary>
    public string Holds { get; }

    /// <summary>What lies under which key.</summary>
    public IReadOnlyList<RecordedKey> Keys { get; }

    /// <summary>The only key.</summary>
    public string Key => Keys.Single().Key;

    /// <summary>What lies under the only key.</summary>
    public byte[] Bytes => Keys.Single().Bytes;

    /// <summary>As hexadecimal digits, for assertions that show a difference.</summary>
    public string Hex => Convert.ToHexString(Bytes);

    /// <summary>As a text.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Reads a file of <c>tests/PROJECT/Payloads/Recorded</c>.</summary>
    /// <param name="project">The test project.</param>
    /// <param name="name">The file's name without its extension.</param>
    /// <exception cref="FormatException">The file does not say what a payload must say.</exception>
    public static RecordedPayload Read(string project, string name)
    {
        string? wrote = null, holds = null, key = null;
        var keys = new List<RecordedKey>();
        foreach (var line in File.ReadLines(Path.Combine(FolderOf(project), name + Extension)))
        {
            var (kind, rest) = line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? (line[..colon], line[(colon + 1)..].TrimStart(' ')) : (line, string.Empty);
            switch (kind)
            {
                case "wrote": wrote = rest; break;
                case "holds": holds = rest; break;
                case "key": key = rest; break;
                case "hex": keys.Add(new RecordedKey(Known(key), Convert.FromHexString(rest), Fields: null)); break;
                case "text": keys.Add(new RecordedKey(Known(key), Encoding.UTF8.GetBytes(rest), Fields: null)); break;
                case "hash": keys.Add(new RecordedKey(Known(key), [], rest.Split(' ').ToDictionary(field => field.Split('=')[0], field => field.Split('=')[1], StringComparer.Ordinal))); break;
                default: throw new FormatException($"{name}: '{kind}' is no line of a recorded payload.");
            }
        }

        return new RecordedPayload(wrote ?? throw Missing("wrote"), holds ?? throw Missing("holds"), keys.Count > 0 ? keys : throw Missing("key"));

        FormatException Missing(string kind) => new($"{name}: there is no line '{kind}:'.");
        string Known(string? named) => named ?? throw Missing("key");
    }

    /// <summary>The names of all recorded payloads of a test project.</summary>
    public static IReadOnlyList<string> NamesIn(string project) =>
        [.. Directory.GetFiles(FolderOf(project), "*" + Extension).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <summary>The names that the tests beside a type are given, of those that are recorded.</summary>
    public static IReadOnlyList<string> NamesReadBy(Type beside)
    {
        ArgumentNullException.ThrowIfNull(beside);
        var recorded = NamesIn(beside.Assembly.GetName().Name!);
        return
        [
            .. beside.Assembly.GetTypes().Where(type => type.Namespace == beside.Namespace)
                .SelectMany(static type => type.GetMethods())
                .SelectMany(static test => CustomAttributeData.GetCustomAttributes(test))
                .SelectMany(static attribute => attribute.ConstructorArguments)
                .SelectMany(static argument => argument.Value as IReadOnlyCollection<CustomAttributeTypedArgument> ?? [argument])
                .Select(static given => given.Value)
                .OfType<string>().Where(recorded.Contains).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
    }

    private static string FolderOf(string project) => Path.Combine(Repository.Root, "tests", project, "Payloads", Folder);
}
