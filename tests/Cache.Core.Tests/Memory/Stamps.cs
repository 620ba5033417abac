using Cache.Core.Memory;

namespace Cache.Core.Tests.Memory;

/// <summary>Tags of which a test says what has become of them.</summary>
internal sealed class Stamps : ITagStamps
{
    public bool AreCurrent { get; set; } = true;

    public bool AreRevoked { get; set; }

    public bool AreUnknown { get; set; }

    public bool AreCommon { get; init; }

    public bool AreSameAs(ITagStamps other) => ReferenceEquals(this, other);
}
