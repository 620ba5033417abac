using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using TenantPlatform.TestKit.Go;

namespace TenantManager.Api.Tests.Go;

/// <summary>
/// One exchange of lib-commons' client with a tenant-manager, as a text: the request as Go's <c>net/http</c> writes it, then what the
/// client makes of the answer. <c>«name»</c> stands for what an earlier exchange has told, or what this one tells, and <c>…</c> for anything.
/// </summary>
internal sealed partial class GoExchange
{
    private static readonly Dictionary<string, GoType> Answers = new(StringComparer.Ordinal)
    {
        ["CreateTenantResponse"] = LibCommons.CreateTenantResponse,
        ["AssociateServiceResponse"] = LibCommons.AssociateServiceResponse,
        ["TenantConfig"] = LibCommons.TenantConfig,
        ["TenantSummaries"] = LibCommons.TenantSummaries,
        ["Metadata"] = LibCommons.Metadata,
        ["Denial"] = LibCommons.Denial,
    };

    private readonly string _head;
    private readonly string _body;
    private readonly string _status;
    private readonly GoType? _type;
    private readonly string _expected;

    private GoExchange(string name, string text)
    {
        Name = name;
        var parts = text.Split("\n=== ", 2);
        var request = parts[0].Split("\n\n", 2);
        (_head, _body) = (request[0].TrimEnd(), request.Length == 2 ? request[1] : string.Empty);
        var answer = parts[1].Split('\n', 2);
        var words = answer[0].Split(' ', 2);
        _status = words[0];
        _type = words.Length == 2 && Answers.TryGetValue(words[1], out var type) ? type : null;
        _expected = answer.Length == 2 ? answer[1].TrimEnd('\n') : string.Empty;
    }

    public string Name { get; }

    /// <summary>All of them in the order in which they were had.</summary>
    public static IEnumerable<GoExchange> All() => Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Go", "Exchanges"), "*.txt").Order(StringComparer.Ordinal)
        .Select(file => new GoExchange(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file)));

    /// <summary>The request, byte for byte.</summary>
    public byte[] Request(Dictionary<string, string> known)
    {
        var body = Encoding.UTF8.GetBytes(Fill(_body, known));
        known["length"] = body.Length.ToString(CultureInfo.InvariantCulture);
        return [.. Encoding.ASCII.GetBytes(Fill(_head, known).Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n\r\n"), .. body];
    }

    /// <summary>That the client is told what it was told; what is new to it is known afterwards.</summary>
    public void Check(int status, string body, Dictionary<string, string> known)
    {
        // A change of state that was made before is a success to the client either way.
        Assert.True(_status == "2xx" ? status is (>= 200 and < 300) or 409 : status.ToString(CultureInfo.InvariantCulture) == _status, $"{Name}: {status} {body}");
        if (_type is null)
            return;
        var told = _type.Remarshal(body);
        var pattern = "^" + Placeholder().Replace(Regex.Escape(_expected), one => known.TryGetValue(one.Groups["name"].Value, out var value) ? Regex.Escape(value) : $"(?<{one.Groups["name"].Value}>[^\"]+)").Replace("…", ".*", StringComparison.Ordinal) + "$";
        var match = Regex.Match(told, pattern, RegexOptions.None, TimeSpan.FromSeconds(10));
        Assert.True(match.Success, $"{Name}: {told}\nis not {pattern}");
        foreach (var group in match.Groups.Values.Where(group => !char.IsAsciiDigit(group.Name[0])))
            known[group.Name] = group.Value;
    }

    private static string Fill(string text, Dictionary<string, string> known) => Placeholder().Replace(text, one => known[one.Groups["name"].Value]);

    [GeneratedRegex("«(?<name>[a-z]+)»", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
