using Cache.Core.SideBySide.Tests.Stage;

namespace Cache.Core.SideBySide.Tests.Table;

/// <summary>Which cases FusionCache's adapter does not hold, and why.</summary>
internal static class FusionCacheFailures
{
    public static IReadOnlyList<(string Case, Failure Failure)> All { get; } =
    [
        ("* removes everything", new(Library.FusionCache, "each call waits for the second tier, together more than 6 s", Condition.Away | Condition.Connecting, IsSometimes: true)),
        ("A factory that asks for its own key is told so, and does not hang", new(Library.FusionCache, "it waits for itself for ever")),
        ("A factory that throws runs once for five callers at the same time", new(Library.FusionCache, "runs once for each caller, one after another")),
        ("A hundred callers who ask whether a key is there, and keep nothing, are all told that it is not", new(Library.FusionCache, "each call waits for the second tier, together more than 6 s", Condition.Away | Condition.Connecting, IsSometimes: true)),
        ("A key that holds a number is not answered as a text", new(Library.FusionCache, "InvalidCastException")),
        ("A key that holds a text is not answered as a number", new(Library.FusionCache, "InvalidCastException")),
        ("A list of two megabytes is each caller's own", new(Library.FusionCache, "values are shared (AutoClone is off by default)")),
        ("A local expiration that is longer than the expiration does not make it longer", new(Library.FusionCache, "it does")),
        ("A reader that names no tags sees the removal", new(Library.FusionCache, "each call waits for the second tier, together more than 6 s", Condition.Away | Condition.Connecting, IsSometimes: true)),
        ("A removal by another process wins against a factory that is running", new(Library.FusionCache, "what the factory answers is kept", Condition.Valkey)),
        ("A removal by tag wins against a factory that is running", new(Library.FusionCache, "each call waits for the second tier, together more than 6 s", Condition.Away | Condition.Connecting, IsSometimes: true)),
        ("A removal wins against a factory that is running", new(Library.FusionCache, "what the factory answers is kept", Condition.Alone | Condition.Valkey)),
        ("A removal wins against a factory that is running", new(Library.FusionCache, "each call waits for the second tier, together more than 6 s", Condition.Away | Condition.Connecting, IsSometimes: true)),
        ("A value whose objects go round is answered, since its factory has succeeded", new(Library.FusionCache, "the serializer's exception is the caller's", Condition.Valkey | Condition.Away | Condition.Connecting)),
        ("An empty tag on a value is an error of the caller's", new(Library.FusionCache, "taken for a tag")),
        ("Another process that reads a number as a text has a miss", new(Library.FusionCache, "the serializer's exception is the caller's", Condition.Valkey)),
        ("Another process that serves the key from memory sees its removal", new(Library.FusionCache, "not until its own copy expires: nobody tells it", Condition.Valkey)),
        ("Another process that serves the key from memory sees the removal of its tag", new(Library.FusionCache, "not until its own copy expires: nobody tells it", Condition.Valkey)),
        ("Another process that serves the key from memory sees what is set", new(Library.FusionCache, "not until its own copy expires: nobody tells it", Condition.Valkey)),
        ("Callers at the same time have a list each", new(Library.FusionCache, "all have the same one")),
        ("Each of several tags removes", new(Library.FusionCache, "each call waits for the second tier, together more than 6 s", Condition.Away | Condition.Connecting, IsSometimes: true)),
        ("Keys may hold spaces, signs and any letters", new(Library.FusionCache, "each call waits for the second tier, together more than 6 s", Condition.Away | Condition.Connecting, IsSometimes: true)),
        ("No tags, and tags that nothing carries, can be removed", new(Library.FusionCache, "each call waits for the second tier, together more than 6 s", Condition.Away | Condition.Connecting, IsSometimes: true)),
        ("Numbers, dates and identifiers come back as they were", new(Library.FusionCache, "each call waits for the second tier, together more than 6 s", Condition.Away | Condition.Connecting, IsSometimes: true)),
        ("Records, lists and dictionaries come back as they were", new(Library.FusionCache, "each call waits for the second tier, together more than 6 s", Condition.Away | Condition.Connecting, IsSometimes: true)),
        ("RemoveByTagAsync removes what carries the tag, and nothing else", new(Library.FusionCache, "each call waits for the second tier, together more than 6 s", Condition.Away | Condition.Connecting, IsSometimes: true)),
        ("Several keys are removed in one call, and no other", new(Library.FusionCache, "each call waits for the second tier, together more than 6 s", Condition.Away | Condition.Connecting, IsSometimes: true)),
        ("Several tags are removed in one call", new(Library.FusionCache, "each call waits for the second tier, together more than 6 s", Condition.Away | Condition.Connecting, IsSometimes: true)),
        ("The removal of everything wins against a factory that is running", new(Library.FusionCache, "each call waits for the second tier, together more than 6 s", Condition.Away | Condition.Connecting, IsSometimes: true)),
        ("To set a value whose objects go round is no error, and what was there does not stay", new(Library.FusionCache, "the serializer's exception is the caller's", Condition.Valkey | Condition.Away | Condition.Connecting)),
        ("Two factories that ask for each other's keys are told so, and do not hang", new(Library.FusionCache, "they wait for each other for ever")),
        ("Two processes that ask at the same time share one factory", new(Library.FusionCache, "one factory for each process", Condition.Valkey)),
        ("What a caller adds to a list does not show in the next one's answer", new(Library.FusionCache, "values are shared (AutoClone is off by default)")),
        ("What a caller sets on an object does not show in the next one's answer", new(Library.FusionCache, "values are shared (AutoClone is off by default)")),
        ("What a caller writes into an array does not show in the next one's answer", new(Library.FusionCache, "values are shared (AutoClone is off by default)")),
        ("What a factory keeps and changes later does not show", new(Library.FusionCache, "values are shared (AutoClone is off by default)")),
        ("What is changed after it was set does not show", new(Library.FusionCache, "values are shared (AutoClone is off by default)")),
        ("What is set wins against a factory that is running", new(Library.FusionCache, "what the factory answers replaces it", Condition.Alone | Condition.Valkey)),
        ("What is set wins against a factory that is running", new(Library.FusionCache, "each call waits for the second tier, together more than 6 s", Condition.Away | Condition.Connecting, IsSometimes: true)),
        ("Who asks whether a key is there while its factory runs is told that it is not, and waits for nobody", new(Library.FusionCache, "waits for the factory")),
        ("Who cancels while waiting leaves, and the others are answered", new(Library.FusionCache, "the factory is cancelled with its first caller, and run again")),
        ("Who comes after a removal is not answered by a factory from before it", new(Library.FusionCache, "waits for the running factory and takes its answer")),
        ("Without a key the factory answers, and nothing is cached", new(Library.FusionCache, "the empty key is a key")),
        ("Zero, false and the empty text are values", new(Library.FusionCache, "each call waits for the second tier, together more than 6 s", Condition.Away | Condition.Connecting, IsSometimes: true)),
        ("Another process finds null, texts, bytes, tuples and lists as they were", new(Library.FusionCache, "a tuple comes back empty: the serializer is JSON without fields", Condition.Valkey)),
    ];
}
