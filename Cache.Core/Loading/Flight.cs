namespace Cache.Core.Loading;

/// <summary>One load of a key that several callers wait for. It ends early only when nobody waits any more.</summary>
internal abstract class Flight(object cache, string key) : Asking(cache, key, keepsNothing: false);
