using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Cache.Core.Valkey.Scripting;

/// <summary>A script of this assembly, and the digest that Valkey knows it by.</summary>
internal sealed class ValkeyScript
{
    private ValkeyScript(string name, string text, IReadOnlyList<int>? numbers)
    {
        Name = name;
        Text = text;
        Numbers = numbers;
        Digest = Sha1(Text);
        Hex = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Digest));
    }

    public string Name { get; }

    public string Text { get; }

    /// <summary>Which parts of the list that it answers are numbers; null when it answers no list.</summary>
    public IReadOnlyList<int>? Numbers { get; }

    public byte[] Digest { get; }

    /// <summary>The digest as EVALSHA takes it.</summary>
    public byte[] Hex { get; }

    /// <summary>Reads one of the assembly's scripts.</summary>
    /// <param name="folder">Where it lies, such as <c>Fencing</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="numbers">Which parts of the list that it answers are numbers; null when it answers no list.</param>
    /// <param name="change">Changes the text, for builds that leave something out on purpose.</param>
    public static ValkeyScript Load(string folder, string name, IReadOnlyList<int>? numbers = null, Func<string, string>? change = null)
    {
        using var stream = typeof(ValkeyScript).Assembly.GetManifestResourceStream($"Cache.Core.{folder}.Scripts.{name}.lua")
            ?? throw new InvalidOperationException($"The script {folder}/{name}.lua is not part of the assembly.");
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        return new ValkeyScript(name, change is null ? text : change(text), numbers);
    }

    [SuppressMessage("Security", "CA5350", Justification = "Valkey names scripts by SHA-1; nothing is protected by it.")]
    private static byte[] Sha1(string text) => SHA1.HashData(Encoding.UTF8.GetBytes(text));
}
