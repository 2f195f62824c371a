using GenAI.Core.Storage;

namespace GenAI.Core.Tests.Storage;

/// <summary>
/// For every step n of a workload: run it, let the fault happen at step n, restart, check the invariant. The workload writes to its oracle what was acknowledged; the check opens the folder
/// again and compares. Then, once more, with a second end in the middle of the check's own recovery.
/// </summary>
internal static class CrashDriver
{
    /// <param name="workload">Works in a new folder. It may throw what the fault gave rise to; it must not handle a <see cref="ProcessEndedException"/>.</param>
    /// <param name="check">Opens the folder that is left and throws when the invariant does not hold. What it writes is not part of the check.</param>
    /// <param name="kind">The fault.</param>
    /// <param name="aftermaths">What is left; all of them by default.</param>
    /// <param name="stride">1 for every step; 7 for every seventh.</param>
    /// <param name="endsInRecovery">At how many of its first steps the check is ended as well, before it is run undisturbed.</param>
    /// <typeparam name="TOracle">What knows what must be there.</typeparam>
    /// <returns>How many restarts were checked.</returns>
    public static async Task<int> EveryStepAsync<TOracle>(
        Func<FaultFolder, TOracle, Task> workload,
        Func<FaultFolder, TOracle, Task> check,
        FaultKind kind,
        IReadOnlyList<Aftermath>? aftermaths = null,
        int stride = 1,
        int endsInRecovery = 0)
        where TOracle : new()
    {
        var checks = 0;
        for (var step = 1; ; step += stride)
        {
            var folder = new FaultFolder();
            var oracle = new TOracle();
            folder.Plan(kind, step);
            await RunAsync(folder, () => workload(folder, oracle));
            if (!folder.Struck && folder.Steps < step)
                return checks;
            foreach (var aftermath in aftermaths ?? Enum.GetValues<Aftermath>())
            {
                for (var end = 1; end <= endsInRecovery; end++)
                {
                    var recovering = folder.Restart(aftermath, step);
                    recovering.Plan(FaultKind.Tear, end);
                    await RunAsync(recovering, () => check(recovering, oracle));
                    if (!recovering.Struck)
                        break;
                    await CheckAsync(recovering.Restart(Aftermath.PowerCutReordered, step + end), $"{kind} at step {step}, {aftermath}, ended again at step {end} of the recovery");
                }

                await CheckAsync(folder.Restart(aftermath, step), $"{kind} at step {step}, {aftermath}");
            }

            async Task CheckAsync(FaultFolder left, string situation)
            {
                var before = left.ToString();
                try
                {
                    await check(left, oracle);
                    checks++;
                }
                catch (Exception error)
                {
                    throw new InvalidOperationException($"{situation}: {error.Message} (found {before})", error);
                }
            }
        }
    }

    private static async Task RunAsync(FaultFolder folder, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (ProcessEndedException)
        {
        }
        catch (IOException) when (folder.Struck)
        {
            // The fault, as the workload's user sees it.
        }
    }
}
