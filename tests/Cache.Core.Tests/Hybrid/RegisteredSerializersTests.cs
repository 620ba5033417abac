using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Cache.Core.Formats;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Tests.Hybrid;

/// <summary>Which serializer a type gets, as HybridCache looks for them.</summary>
public sealed class RegisteredSerializersTests
{
    [Fact]
    public void TextsAndBytes_AreStoredAsTheyAre()
    {
        var serializers = Serializers();

        Assert.Equal("é"u8.ToArray(), Written(serializers, "é"));
        Assert.Equal("é", serializers.For<string>().Deserialize(new ReadOnlySequence<byte>("é"u8.ToArray())));
        Assert.Equal([1, 2], Written(serializers, (byte[])[1, 2]));
        Assert.Equal([1, 2], serializers.For<byte[]>().Deserialize(new ReadOnlySequence<byte>([1, 2])));
        Assert.Equal("7"u8.ToArray(), Written(serializers, 7));
    }

    [Fact]
    public void AFactory_IsAsked_TheLastRegisteredFirst_AndASerializerOfTheTypeBeforeAll()
    {
        var serializers = Serializers(services => services
            .AddSingleton<IHybridCacheSerializerFactory>(new Factory(typeof(int), 1))
            .AddSingleton<IHybridCacheSerializerFactory>(new Factory(typeof(int), 2))
            .AddSingleton<IHybridCacheSerializerFactory>(new Factory(typeof(long), 3))
            .AddSingleton<IHybridCacheSerializer<long>>(new Constant<long>(4)));

        Assert.Equal([2], Written(serializers, 7));
        Assert.Equal([4], Written(serializers, 7L));
        Assert.Equal("true"u8.ToArray(), Written(serializers, true));
        Assert.Same(serializers.For<int>(), serializers.For<int>());
    }

    private static RegisteredSerializers Serializers(Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        configure?.Invoke(services);
        return new RegisteredSerializers(services.BuildServiceProvider(), JsonSerializerOptions.Web);
    }

    private static byte[] Written<T>(RegisteredSerializers serializers, T value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        serializers.For<T>().Serialize(value, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private sealed class Factory(Type type, byte writes) : IHybridCacheSerializerFactory
    {
        public bool TryCreateSerializer<T>([NotNullWhen(true)] out IHybridCacheSerializer<T>? serializer)
        {
            serializer = typeof(T) == type ? new Constant<T>(writes) : null;
            return serializer is not null;
        }
    }

    private sealed class Constant<T>(byte writes) : IHybridCacheSerializer<T>
    {
        public T Deserialize(ReadOnlySequence<byte> source) => default!;

        public void Serialize(T value, IBufferWriter<byte> target) => target.Write([writes]);
    }
}
