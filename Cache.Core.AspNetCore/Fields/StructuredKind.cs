namespace Cache.Core.AspNetCore.Fields;

/// <summary>Kinds of bare items of structured fields (RFC 9651, section 3.3).</summary>
internal enum StructuredKind
{
    Integer,
    Decimal,
    String,
    Token,
    Bytes,
    Boolean,
    Date,
    DisplayString,
    InnerList,
}
