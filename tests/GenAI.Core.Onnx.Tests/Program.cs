using GenAI.Core.Onnx.Tests.Downloads;

namespace GenAI.Core.Onnx.Tests;

/// <summary>What tests run in a process of its own; the tests themselves have no need of it.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is [ModelStoreProcessTests.Part, var cache, var endpoint, var model])
        {
            await ModelStoreProcessTests.ResolveAsync(cache, endpoint, model);
            return 0;
        }

        await Console.Error.WriteLineAsync("The tests are run by 'dotnet test'.");
        return 2;
    }
}
