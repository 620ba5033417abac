using System.Buffers;
using System.Xml.Linq;
using Cache.Core.Formats;
using Cache.Core.Valkey;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Cache.Core.AspNetCore.DataProtection;

/// <summary>
/// The key ring of ASP.NET Core's data protection as one document in Valkey, which every process of the application reads and adds to. It is no
/// cache: it never expires, and while Valkey does not answer calls throw <see cref="CacheUnavailableException"/>.
/// </summary>
/// <remarks>Safe for concurrent use: a change replaces exactly the document that it was made of, so that no process loses another's key.</remarks>
internal sealed class ValkeyXmlRepository(ICacheClient client, string key, string? encryptionKeys = null) : IDeletableXmlRepository
{
    /// <summary>Processes that start together add their keys together.</summary>
    private const int MostAttempts = 100;

    private readonly IValueFormat _format = ValkeyConfigCache.Encrypted(new EnvelopeFormat(new JsonSerializers()), encryptionKeys);

    // The interface is synchronous. It is called at start and once a day, and each call of the client has a time limit of its own.
    public IReadOnlyCollection<XElement> GetAllElements() => Wait(async () => (IReadOnlyCollection<XElement>)[.. Elements((await ReadAsync()).Document).Select(static one => new XElement(one))]);

    public void StoreElement(XElement element, string friendlyName)
    {
        ArgumentNullException.ThrowIfNull(element);
        Wait(() => ChangeAsync(document =>
        {
            document.Root!.Add(new XElement("key", new XAttribute("name", friendlyName ?? string.Empty), new XElement(element)));
            return true;
        }));
    }

    public bool DeleteElements(Action<IReadOnlyCollection<IDeletableElement>> chooseElements)
    {
        ArgumentNullException.ThrowIfNull(chooseElements);
        return Wait(async () =>
        {
            var (_, document) = await ReadAsync();
            var shown = Elements(document).Select(static one => new Deletable(new XElement(one))).ToList();
            chooseElements([.. shown]);
            var chosen = shown.Where(static one => one.DeletionOrder is not null).OrderBy(static one => one.DeletionOrder).Select(static one => one.Element).ToList();
            if (chosen.Count > 0)
            {
                await ChangeAsync(present =>
                {
                    // One after another, all in one step: none goes without those before it.
                    var going = Elements(present).Where(one => chosen.Exists(other => XNode.DeepEquals(one, other))).ToList();
                    going.ForEach(static one => one.Parent!.Remove());
                    return going.Count > 0;
                });
            }

            return true;
        });
    }

    private static IEnumerable<XElement> Elements(XDocument document) => document.Root!.Elements("key").Select(static one => one.Elements().Single());

    private async Task<(byte[]? Stored, XDocument Document)> ReadAsync()
    {
        var stored = await client.GetAsync(key);
        if (stored is null)
            return (null, new XDocument(new XElement("keys")));
        var decoded = _format.Read<string>(key, stored);
        if (decoded.Fault is { } fault || decoded.Value is null)
        {
            // Not a miss: to begin anew would make everything unreadable that the keys there protect.
            throw new InvalidOperationException($"What Valkey holds under '{key}' is no key ring that can be read ({decoded.Fault ?? "empty"}): check CACHE_ENCRYPTION_KEYS, or give the key ring a key of its own.");
        }

        return (stored, XDocument.Parse(decoded.Value));
    }

    private async Task<bool> ChangeAsync(Func<XDocument, bool> change)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var (stored, document) = await ReadAsync();
            if (!change(document))
                return true;
            var buffer = new ArrayBufferWriter<byte>(4096);
            _format.Write(key, document.ToString(SaveOptions.DisableFormatting), [], buffer);
            if (stored is null
                ? await client.SetIfAbsentAsync(key, buffer.WrittenMemory, TimeSpan.Zero)
                : await client.SetIfEqualAsync(key, stored, buffer.WrittenMemory, TimeSpan.Zero))
            {
                return true;
            }
        }

        throw new CacheUnavailableException($"The key ring under '{key}' was changed by others {MostAttempts} times while this change was made.");
    }

    private static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();

    private sealed class Deletable(XElement element) : IDeletableElement
    {
        public XElement Element => element;

        public int? DeletionOrder { get; set; }
    }
}
