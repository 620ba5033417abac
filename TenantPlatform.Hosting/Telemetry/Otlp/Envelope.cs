using TenantPlatform.Hosting.Telemetry.Store;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>
/// The shape that the three requests share: <c>{1: [{1: resource, 2: [{1: scope, 2: [item]}]}]}</c>.
/// </summary>
/// <remarks>Fields may come in any order, so each level is passed over twice: for what it says about its items, then for them.</remarks>
internal static class Envelope
{
    private const int Head = 1;
    private const int Items = 2;

    public static void Read(ReadOnlySpan<byte> request, DecodingContext context, ItemReader read)
    {
        var groups = new ProtoReader(request);
        while (groups.Next())
        {
            if (groups.Field != 1)
            {
                groups.Skip();
                continue;
            }

            var group = groups.ReadBytes();
            ReadGroup(group, ResourceReader.Read(HeadOf(group), context), context, read);
        }
    }

    private static void ReadGroup(ReadOnlySpan<byte> group, TelemetryResource resource, DecodingContext context, ItemReader read)
    {
        var scopes = new ProtoReader(group);
        while (scopes.Next())
        {
            if (scopes.Field != Items)
            {
                scopes.Skip();
                continue;
            }

            var scope = scopes.ReadBytes();
            var name = ResourceReader.ReadScopeName(HeadOf(scope), context);
            var items = new ProtoReader(scope);
            while (items.Next())
            {
                if (items.Field == Items)
                    read(items.ReadBytes(), resource, name);
                else
                    items.Skip();
            }
        }
    }

    private static ReadOnlySpan<byte> HeadOf(ReadOnlySpan<byte> group)
    {
        ReadOnlySpan<byte> head = default;
        var reader = new ProtoReader(group);
        while (reader.Next())
        {
            if (reader.Field == Head)
                head = reader.ReadBytes();
            else
                reader.Skip();
        }

        return head;
    }
}
