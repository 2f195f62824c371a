namespace GenAI.Core.Tests;

/// <summary>A writer beside readers, so that neither has to be lucky: however late a thread gets a processor, all have worked at the same time.</summary>
internal static class Concurrently
{
    // Where each write makes the next look longer, readers would never catch up: from here on they look while nobody writes.
    private const int MostTimes = 20;

    /// <summary>
    /// Writes at least so often, and goes on until each reader has looked so often since the first write. Ends at the first failure of any, which is thrown.
    /// </summary>
    /// <param name="writes">The least number of writes.</param>
    /// <param name="looks">The least number of times that each reader looks, from beginning to end while writes go on.</param>
    /// <param name="write">Writes; receives 0, 1 and so on.</param>
    /// <param name="readers">What each reader does to look once; receives 0, 1 and so on.</param>
    public static async Task RunAsync(int writes, int looks, Func<int, Task> write, params Func<int, Task>[] readers)
    {
        var (done, looked) = (false, new int[readers.Length]);
        var running = readers.Select((read, reader) => Task.Run(async () =>
        {
            for (var look = 0; !Volatile.Read(ref done); look++)
            {
                await read(look);
                Interlocked.Increment(ref looked[reader]);
            }
        })).ToArray();

        try
        {
            // The first look of each may have begun before the first write.
            bool GoesOn() => looked.Any(times => times <= looks) && !running.Any(reader => reader.IsCompleted);
            for (var count = 0; (count < writes && !running.Any(reader => reader.IsCompleted)) || (count < MostTimes * writes && GoesOn()); count++)
                await write(count);
            while (GoesOn())
                await Task.Delay(1);
        }
        finally
        {
            Volatile.Write(ref done, true);
            await Task.WhenAny(Task.WhenAll(running));
        }

        await Task.WhenAll(running);
    }

    /// <summary>As <see cref="RunAsync(int, int, Func{int, Task}, Func{int, Task}[])"/>, for what does not wait for anything.</summary>
    public static Task RunAsync(int writes, int looks, Action<int> write, params Action<int>[] readers) =>
        RunAsync(writes, looks, Awaited(write), [.. readers.Select(Awaited)]);

    private static Func<int, Task> Awaited(Action<int> action) => count =>
    {
        action(count);
        return Task.CompletedTask;
    };
}
