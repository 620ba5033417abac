using System.Buffers;
using System.Text;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Primitives;

namespace Cache.Core.AspNetCore.Store;

/// <summary>How entries look in L2. Another version is unreadable, hence a miss.</summary>
internal sealed class StoredEntrySerializer : IHybridCacheSerializer<StoredEntry>
{
    private const byte Version = 1;
    private const byte UnsharedKind = 0, ResponseKind = 1, VariantsKind = 2;
    private const int MostOfAnything = 1 << 16;
    private const long LongestBody = 1L << 60;
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(365 * 1000);

    public void Serialize(StoredEntry value, IBufferWriter<byte> target)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        writer.Write(Version);
        if (value.Response is { } response)
            Write(writer, response);
        else if (value.Variants is { } variants)
            Write(writer, variants);
        else
            writer.Write(UnsharedKind);
        writer.Flush();
        target.Write(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    public StoredEntry Deserialize(ReadOnlySequence<byte> source)
    {
        using BinaryReader reader = new(new MemoryStream(source.ToArray()), Encoding.UTF8);
        if (reader.ReadByte() != Version)
            throw new InvalidDataException("The stored HTTP response is of another version.");
        return reader.ReadByte() switch
        {
            UnsharedKind => StoredEntry.Unshared,
            ResponseKind => StoredEntry.Of(ReadResponse(reader)),
            VariantsKind => StoredEntry.Of(ReadVariants(reader)),
            var other => throw new InvalidDataException($"A stored HTTP response of kind {other} is not known."),
        };
    }

    private static void Write(BinaryWriter writer, StoredResponse response)
    {
        writer.Write(ResponseKind);
        writer.Write((ushort)response.Status);
        writer.Write((byte)response.Rules);
        writer.Write(response.RequestTime.UtcTicks);
        writer.Write(response.ResponseTime.UtcTicks);
        writer.Write(response.InitialAge.Ticks);
        writer.Write(response.Lifetime.Ticks);
        writer.Write(response.StaleWhileRevalidate.Ticks);
        writer.Write(response.StaleIfError.Ticks);
        WriteText(writer, response.EntityTag);
        writer.Write(response.LastModified?.UtcTicks ?? -1);
        WriteText(writer, response.Epoch);
        writer.Write7BitEncodedInt(response.Fields.Length);
        foreach (var field in response.Fields)
        {
            writer.Write(field.Name);
            writer.Write7BitEncodedInt(field.Values.Count);
            foreach (var line in field.Values)
                writer.Write(line ?? string.Empty);
        }

        writer.Write(response.Body.CompleteLength ?? -1);
        writer.Write7BitEncodedInt(response.Body.Parts.Count);
        foreach (var part in response.Body.Parts)
        {
            writer.Write(part.Id);
            writer.Write(part.Offset);
            writer.Write7BitEncodedInt(part.Lengths.Length);
            foreach (var length in part.Lengths)
                writer.Write(length);
        }
    }

    private static StoredResponse ReadResponse(BinaryReader reader)
    {
        var status = reader.ReadUInt16();
        var rules = (ReuseRules)reader.ReadByte();
        DateTimeOffset requested = new(reader.ReadInt64(), TimeSpan.Zero), received = new(reader.ReadInt64(), TimeSpan.Zero);
        TimeSpan age = ReadTime(reader), lifetime = ReadTime(reader), revalidating = ReadTime(reader), failing = ReadTime(reader);
        var tag = ReadText(reader);
        var modified = reader.ReadInt64();
        var epoch = ReadText(reader);
        var fields = new StoredField[ReadCount(reader)];
        for (var n = 0; n < fields.Length; n++)
            fields[n] = new StoredField(reader.ReadString(), ReadLines(reader));
        var complete = reader.ReadInt64();
        var parts = new BodyPart[ReadCount(reader)];
        for (var n = 0; n < parts.Length; n++)
            parts[n] = ReadPart(reader);
        return new StoredResponse
        {
            Status = status,
            Fields = fields,
            Body = new StoredBody(parts, complete < 0 ? null : complete),
            RequestTime = requested,
            ResponseTime = received,
            InitialAge = age,
            Lifetime = lifetime,
            Rules = rules,
            StaleWhileRevalidate = revalidating,
            StaleIfError = failing,
            EntityTag = tag,
            LastModified = modified < 0 ? null : new DateTimeOffset(modified, TimeSpan.Zero),
            Epoch = epoch,
        };
    }

    private static void Write(BinaryWriter writer, VariantIndex variants)
    {
        writer.Write(VariantsKind);
        writer.Write(variants.Epoch);
        writer.Write7BitEncodedInt(variants.Fields.Length);
        foreach (var field in variants.Fields)
            writer.Write(field);
        writer.Write7BitEncodedInt(variants.Languages.Length);
        foreach (var (language, key) in variants.Languages)
        {
            writer.Write(language);
            writer.Write(key);
        }
    }

    private static VariantIndex ReadVariants(BinaryReader reader)
    {
        var epoch = reader.ReadString();
        var fields = new string[ReadCount(reader)];
        for (var n = 0; n < fields.Length; n++)
            fields[n] = reader.ReadString();
        var languages = new KeyValuePair<string, string>[ReadCount(reader)];
        for (var n = 0; n < languages.Length; n++)
            languages[n] = new(reader.ReadString(), reader.ReadString());
        return new VariantIndex(epoch, fields, languages);
    }

    private static StringValues ReadLines(BinaryReader reader)
    {
        var count = ReadCount(reader);
        if (count == 1)
            return reader.ReadString();
        var lines = new string[count];
        for (var n = 0; n < count; n++)
            lines[n] = reader.ReadString();
        return lines;
    }

    private static BodyPart ReadPart(BinaryReader reader)
    {
        var (id, offset, lengths) = (reader.ReadString(), reader.ReadInt64(), new int[ReadCount(reader)]);
        for (var n = 0; n < lengths.Length; n++)
            lengths[n] = reader.ReadInt32();
        return offset is >= 0 and <= LongestBody && Array.TrueForAll(lengths, static length => length >= 0)
            ? new BodyPart(id, offset, lengths)
            : throw new InvalidDataException("A part of a stored HTTP response lies nowhere.");
    }

    /// <summary>What ages and lifetimes are added to and compared with must have an end.</summary>
    private static TimeSpan ReadTime(BinaryReader reader) =>
        new TimeSpan(reader.ReadInt64()) is var time && time >= TimeSpan.Zero && time <= LongestTime ? time : throw new InvalidDataException("A stored HTTP response has a time that is none.");

    private static int ReadCount(BinaryReader reader) =>
        reader.Read7BitEncodedInt() is >= 0 and <= MostOfAnything and var count ? count : throw new InvalidDataException("A stored HTTP response counts wrongly.");

    private static void WriteText(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
            writer.Write(text);
    }

    private static string? ReadText(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;
}
