using GenAI.Core.Tests.Indexing;
using GenAI.Core.Tests.Storage;
using GenAI.Core.Tests.VectorStores;

namespace GenAI.Core.Tests;

/// <summary>What tests run in a process of its own, where the hardware or the memory is set to be less; the tests themselves have no need of it.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case [ChildProcess.Digest]:
                Console.WriteLine(IndexDigest.Width);
                Console.WriteLine(IndexDigest.Value);
                return 0;
            case [ChildProcess.Segment]:
                Console.WriteLine(IndexDigest.Width);
                Console.WriteLine(MappedReadings.DigestOf(Environment.GetEnvironmentVariable(MappedReadings.PathVariable)!));
                return 0;
            case [ChildProcess.Allocations]:
                Console.WriteLine(SearchAllocations.Measure());
                return 0;
            case [ChildProcess.StoreWriter, var path, var first]:
                await StoreKillTests.WriteAsync(path, int.Parse(first, null));
                return 0;
            case [ChildProcess.Reembedder, var path]:
                await ReembedTests.ReembedUntilKilledAsync(path);
                return 0;
            case [StoreWriter.Part, var path]:
                await StoreWriter.WriteAsync(path);
                return 0;
            default:
                Console.Error.WriteLine("The tests are run by 'dotnet test'.");
                return 2;
        }
    }
}
