using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Cache.Core.Valkey;

/// <summary>Where a walk over the keys stands: at which primary, and at which of its server's cursors.</summary>
internal sealed record KeyCursor(string Primary, string Server)
{
    /// <summary>Of the first step on a server, and of the answer to its last.</summary>
    public const string Ends = "0";

    private const int Longest = 1024;

    /// <exception cref="KeyCursorException">It is none of ours.</exception>
    public static KeyCursor Parse(string text)
    {
        if (text.Length <= Longest && Base64Url.IsValid(text))
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(' ');
            if (parts is [var primary, var server] && ulong.TryParse(server, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                return new KeyCursor(primary, server);
        }

        throw new KeyCursorException("The cursor cannot be read: it must be one that a page gave.");
    }

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Primary} {Server}"));
}
