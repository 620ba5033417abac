namespace Cache.Core.Valkey.Resp;

/// <summary>What a value is, as far as anybody here asks.</summary>
internal enum RespKind
{
    Null,
    Text,
    Number,
    Error,
    List,
    Map,
    Push,
}
