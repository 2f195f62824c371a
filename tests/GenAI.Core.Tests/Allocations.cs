namespace GenAI.Core.Tests;

/// <summary>What an action allocates on its thread.</summary>
internal static class Allocations
{
    private const int Attempts = 5;

    /// <summary>
    /// The least of several attempts, in bytes: what the action allocates it allocates in each. A collection that another test causes counts what is left of the thread's own piece of the heap as allocated,
    /// up to 8 KB, and what the runtime does once, such as compiling a method again, is not the action's.
    /// </summary>
    public static long Least(Action action)
    {
        var least = long.MaxValue;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
