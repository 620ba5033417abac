using Microsoft.Extensions.Primitives;

namespace Cache.Core.AspNetCore.Store;

/// <summary>A header field as it is stored.</summary>
internal readonly record struct StoredField(string Name, StringValues Values);
