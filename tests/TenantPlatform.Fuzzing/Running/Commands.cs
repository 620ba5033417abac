using System.Globalization;
using SharpFuzz;

namespace TenantPlatform.Fuzzing.Running;

/// <summary>What the program can be asked for.</summary>
internal static class Commands
{
    /// <summary>Names the targets.</summary>
    public static int List()
    {
        foreach (var target in TargetList.All)
            Console.WriteLine(target.Name);
        return 0;
    }

    /// <summary>Serves AFL++, which hands in one input after another: <c>eng/fuzz</c>.</summary>
    public static int Run(FuzzTarget target)
    {
        Fuzzer.Run(stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            BoundedRun.Of(target, input.ToArray());
        });
        return 0;
    }

    /// <summary>Runs files again and tells which ones fail, and how.</summary>
    public static int Replay(FuzzTarget target, IReadOnlyList<string> files)
    {
        var failed = 0;
        foreach (var file in files.SelectMany(path => Directory.Exists(path) ? Directory.GetFiles(path).Order(StringComparer.Ordinal) : (IEnumerable<string>)[path]))
        {
            if (Failure(target, File.ReadAllBytes(file)) is not { } failure)
                continue;
            failed++;
            Console.WriteLine($"{file}: {failure}");
        }

        Console.WriteLine($"{target.Name}: {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    /// <summary>Runs changed inputs from a folder, by a seed: without AFL++, and the same every time.</summary>
    public static int Mutate(FuzzTarget target, string corpus, string count, string seed)
    {
        var inputs = Directory.GetFiles(corpus).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        foreach (var input in new Mutations(inputs, int.Parse(seed, CultureInfo.InvariantCulture)).Take(int.Parse(count, CultureInfo.InvariantCulture)))
        {
            if (Failure(target, input) is not { } failure)
                continue;
            Console.WriteLine($"{Convert.ToBase64String(input)}: {failure}");
            return 1;
        }

        return 0;
    }

    /// <summary>Says what there is.</summary>
    public static int Usage()
    {
        Console.Error.WriteLine("list | run TARGET | replay TARGET FILE-OR-FOLDER... | mutate TARGET FOLDER COUNT SEED");
        return 2;
    }

    private static Exception? Failure(FuzzTarget target, byte[] input)
    {
        try
        {
            BoundedRun.Of(target, input);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
