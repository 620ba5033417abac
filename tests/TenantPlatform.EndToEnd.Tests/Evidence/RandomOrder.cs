using System.Globalization;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace TenantPlatform.EndToEnd.Tests.Evidence;

/// <summary>Scenarios in an order of their own in each run: none may lean on what another has left behind.</summary>
/// <remarks>The order's seed is printed; <c>E2E_SEED</c> gives the same order again.</remarks>
internal static class RandomOrder
{
    public const string Variable = "E2E_SEED";

    public static IReadOnlyList<IXunitTestCase> Of(IEnumerable<IXunitTestCase> testCases, IMessageSink diagnostics)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next(100_000);
        diagnostics.OnMessage(new DiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"Order of the scenarios: {Variable}={seed}")));
        var random = new Random(seed);

        // Sorted first: the order in which xunit finds them is not always the same.
        var classes = testCases
            .GroupBy(testCase => testCase.TestMethod.TestClass.Class.Name, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => group.OrderBy(testCase => testCase.UniqueID, StringComparer.Ordinal).ToArray())
            .ToArray();
        random.Shuffle(classes);
        foreach (var tests in classes)
            random.Shuffle(tests);
        return [.. classes.SelectMany(tests => tests)];
    }
}
