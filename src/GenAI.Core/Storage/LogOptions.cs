namespace GenAI.Core.Storage;

/// <summary>When an acknowledged record is durable.</summary>
internal enum LogCommit
{
    /// <summary>Before it is acknowledged. Writers that wait at the same time share a sync.</summary>
    EveryBatch,

    /// <summary>At most <see cref="LogOptions.Interval"/> later. A power cut loses what was acknowledged since; the end of the process loses nothing.</summary>
    Interval,

    /// <summary>When the user asks. A power cut loses what was acknowledged since; the end of the process loses nothing.</summary>
    Manual,
}

/// <summary>Settings of a <see cref="WriteAheadLog"/>.</summary>
internal sealed class LogOptions
{
    /// <summary>The store that the log belongs to; a log of another is refused.</summary>
    public required ulong StoreId { get; init; }

    public LogCommit Commit { get; init; }

    /// <summary>For <see cref="LogCommit.Interval"/>.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A record that would make a file longer than this starts a new file, unless the file is empty.</summary>
    public long MaxFileBytes { get; init; } = 64L << 20;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
