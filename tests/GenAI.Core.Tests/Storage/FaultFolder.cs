using System.Runtime.InteropServices;
using System.Text;
using GenAI.Core.Storage;

namespace GenAI.Core.Tests.Storage;

/// <summary>What goes wrong at a step.</summary>
internal enum FaultKind
{
    /// <summary>The process ends before the step.</summary>
    Stop,

    /// <summary>The process ends in the middle of the step: a write has written a part; anything else is done and nobody hears of it.</summary>
    Tear,

    /// <summary>From the step on the disk is full, until <see cref="FaultFolder.MakeSpace"/>.</summary>
    DiskFull,

    /// <summary>A sync at the step reports an error, and what it should have written is dropped, as Linux does; a later sync reports success. Nothing happens at a step of another kind.</summary>
    SyncError,
}

/// <summary>What is left after the end.</summary>
internal enum Aftermath
{
    /// <summary>Only the process ended: the system kept everything that was written.</summary>
    ProcessKilled,

    /// <summary>A power cut: nothing is left that was not synced.</summary>
    PowerCut,

    /// <summary>A power cut: of what was not synced, each write and each name is there, not there, or there in part, as chance has it.</summary>
    PowerCutReordered,
}

/// <summary>The process ended at a step. Not an <see cref="IOException"/>: nothing may handle it.</summary>
internal sealed class ProcessEndedException : Exception;

/// <summary>
/// A folder in memory that knows what is durable: bytes that were synced, and names that were. It counts the steps that change something; at one of them the fault happens.
/// After that <see cref="Restart"/> gives the folder as the next process finds it.
/// </summary>
internal sealed class FaultFolder : StorageFolder
{
    private const int NoSpace = 28;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Node> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Node> _durableEntries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _locked = new(StringComparer.Ordinal);
    private FaultKind _kind;
    private long _at;
    private bool _full;
    private int _mappings;

    public override string Path => "/fault";

    /// <summary>Steps so far: creations, writes, truncations, syncs, renames, deletions.</summary>
    public long Steps { get; private set; }

    /// <summary>Whether the process has ended.</summary>
    public bool Ended { get; private set; }

    /// <summary>Whether the fault has happened.</summary>
    public bool Struck { get; private set; }

    /// <summary>Runs before each sync of a file, outside the folder's lock.</summary>
    public Action? BeforeSync { get; set; }

    /// <summary>Mapped files that nobody has let go of.</summary>
    public int Mappings => Volatile.Read(ref _mappings);

    /// <summary>The fault happens at the step of this number, counted from now on; 1 is the next.</summary>
    public void Plan(FaultKind kind, long step)
    {
        lock (_gate)
            (_kind, _at, Struck) = (kind, Steps + step, false);
    }

    public void MakeSpace()
    {
        lock (_gate)
            _full = false;
    }

    /// <summary>The folder as the next process finds it. The process that had this one is dead from here on.</summary>
    public FaultFolder Restart(Aftermath aftermath, int seed)
    {
        lock (_gate)
        {
            Ended = true;
            var chance = new Random(seed);
            var next = new FaultFolder();
            foreach (var name in _entries.Keys.Union(_durableEntries.Keys).Order(StringComparer.Ordinal))
            {
                var durable = aftermath == Aftermath.PowerCut || (aftermath == Aftermath.PowerCutReordered && chance.Next(2) == 0);
                if ((durable ? _durableEntries : _entries).TryGetValue(name, out var node))
                    next._entries[name] = next._durableEntries[name] = new Node(node.After(aftermath, chance));
            }

            return next;
        }
    }

    /// <summary>The bytes of a file as a reader sees them.</summary>
    public byte[] this[string name]
    {
        get
        {
            lock (_gate)
                return _entries[name].Bytes.ToArray();
        }

        set
        {
            lock (_gate)
                _entries[name] = _durableEntries[name] = new Node(value);
        }
    }

    /// <summary>A folder of its own with the same files, all of it durable.</summary>
    public FaultFolder Copy()
    {
        lock (_gate)
        {
            var copy = new FaultFolder();
            foreach (var (name, node) in _entries)
                copy[name] = node.Bytes.ToArray();
            return copy;
        }
    }

    public override IReadOnlyList<string> List()
    {
        lock (_gate)
        {
            ThrowIfEnded();
            return [.. _entries.Keys.Order(StringComparer.Ordinal)];
        }
    }

    public override bool Exists(string name)
    {
        lock (_gate)
            return _entries.ContainsKey(name);
    }

    public override long GetLength(string name) => Find(name).Length;

    public override StorageFile Create(string name)
    {
        var node = new Node([]);
        Step(() =>
        {
            ThrowIfFull();
            _entries[name] = node;
        });
        return new FaultFile(this, node);
    }

    public override StorageFile Open(string name, bool writable = false) => new FaultFile(this, Find(name));

    public override unsafe FileMapping Map(string name)
    {
        lock (_gate)
        {
            var bytes = Find(name).Bytes;
            var address = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes.Count, 1), 4096);
            bytes.ToArray().CopyTo(new Span<byte>(address, bytes.Count));
            Interlocked.Increment(ref _mappings);
            return new FileMapping(address, bytes.Count, new Release(() =>
            {
                NativeMemory.AlignedFree(address);
                Interlocked.Decrement(ref _mappings);
            }));
        }
    }

    public override void Rename(string from, string to) => Step(() =>
    {
        var node = Find(from);
        _entries.Remove(from);
        _entries[to] = node;
    });

    public override void Delete(string name) => Step(() => _entries.Remove(name));

    public override void SyncEntries() => Step(() =>
    {
        _durableEntries.Clear();
        foreach (var (name, node) in _entries)
            _durableEntries[name] = node;
    });

    public override StorageFile? TryOpenExclusive(string name)
    {
        lock (_gate)
        {
            ThrowIfEnded();
            if (!_locked.Add(name))
                return null;
            if (!_entries.TryGetValue(name, out var node))
                _entries[name] = node = new Node([]);
            return new FaultFile(this, node, () => _locked.Remove(name));
        }
    }

    public override byte[] ReadExclusive(string name) => Find(name).Bytes.ToArray();

    public override string ToString()
    {
        lock (_gate)
        {
            var text = new StringBuilder();
            foreach (var (name, node) in _entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{name} {node.Length}; ");
            return text.ToString();
        }
    }

    private void Step(Action step, Action? tear = null, Action? syncError = null)
    {
        lock (_gate)
        {
            ThrowIfEnded();
            if (++Steps != _at)
            {
                step();
                return;
            }

            Struck = true;
            switch (_kind)
            {
                case FaultKind.Stop:
                    Ended = true;
                    throw new ProcessEndedException();
                case FaultKind.Tear:
                    (tear ?? step)();
                    Ended = true;
                    throw new ProcessEndedException();
                case FaultKind.DiskFull:
                    _full = true;
                    step();
                    break;
                case FaultKind.SyncError when syncError is not null:
                    syncError();
                    throw new IOException("Input/output error");
                default:
                    Struck = false;
                    step();
                    break;
            }
        }
    }

    private Node Find(string name)
    {
        lock (_gate)
        {
            ThrowIfEnded();
            return _entries.TryGetValue(name, out var node) ? node : throw new FileNotFoundException($"There is no '{name}'.", name);
        }
    }

    private void ThrowIfEnded()
    {
        if (Ended)
            throw new ProcessEndedException();
    }

    private void ThrowIfFull()
    {
        if (_full)
            throw new IOException("No space left on device", NoSpace);
    }

    private sealed class Release(Action action) : IDisposable
    {
        public void Dispose() => action();
    }

    /// <summary>A file apart from its name.</summary>
    private sealed class Node(byte[] content)
    {
        private readonly List<Change> _pending = [];
        private byte[] _durable = content;
        private byte[] _bytes = content;

        public int Length { get; private set; } = content.Length;

        public ArraySegment<byte> Bytes => new(_bytes, 0, Length);

        public void Apply(Change change)
        {
            _pending.Add(change);
            if (_pending.Count == 1)
                _bytes = _bytes.ToArray();
            Length = change.Apply(ref _bytes, Length);
        }

        public void Sync()
        {
            _durable = Bytes.ToArray();
            _pending.Clear();
        }

        // What was to be written never will be, though readers still see it.
        public void Forget() => _pending.Clear();

        public byte[] After(Aftermath aftermath, Random chance)
        {
            if (aftermath == Aftermath.ProcessKilled)
                return Bytes.ToArray();
            var (bytes, length) = (_durable.ToArray(), _durable.Length);
            if (aftermath == Aftermath.PowerCutReordered)
            {
                foreach (var change in _pending)
                {
                    if (change.Part(chance) is { } part)
                        length = part.Apply(ref bytes, length);
                }
            }

            return bytes.AsSpan(0, length).ToArray();
        }
    }

    /// <summary>A write, or a new length.</summary>
    private sealed record Change(long Offset, byte[]? Bytes)
    {
        public int Apply(ref byte[] bytes, int length)
        {
            var end = (int)Offset + (Bytes?.Length ?? 0);
            if (end > bytes.Length)
                Array.Resize(ref bytes, Math.Max(end, bytes.Length * 2));
            if (Bytes is null)
            {
                bytes.AsSpan(end).Clear();
                return end;
            }

            Bytes.CopyTo(bytes, Offset);
            return Math.Max(length, end);
        }

        /// <summary>What of it gets to the disk: all, nothing, the first part, the last part.</summary>
        public Change? Part(Random chance)
        {
            var cut = Bytes is null ? 0 : chance.Next(Bytes.Length + 1);
            return chance.Next(Bytes is null ? 2 : 4) switch
            {
                0 => null,
                1 => this,
                2 => new Change(Offset, Bytes![..cut]),
                _ => new Change(Offset + cut, Bytes![cut..]),
            };
        }
    }

    private sealed class FaultFile(FaultFolder folder, Node node, Action? closed = null) : StorageFile
    {
        public override long Length
        {
            get
            {
                lock (folder._gate)
                    return node.Length;
            }
        }

        public override int Read(Span<byte> buffer, long offset)
        {
            lock (folder._gate)
            {
                folder.ThrowIfEnded();
                var count = (int)Math.Clamp(node.Length - offset, 0, buffer.Length);
                if (count > 0)
                    node.Bytes.AsSpan((int)offset, count).CopyTo(buffer);
                return count;
            }
        }

        public override void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            var copy = bytes.ToArray();
            var part = copy[..(int)((offset * 31 + copy.Length * 7L) % (copy.Length + 1))];
            folder.Step(
                () =>
                {
                    if (folder._full)
                        node.Apply(new Change(offset, part));
                    folder.ThrowIfFull();
                    node.Apply(new Change(offset, copy));
                },
                tear: () => node.Apply(new Change(offset, part)));
        }

        public override void Truncate(long length) => folder.Step(() => node.Apply(new Change(length, null)));

        public override void Sync()
        {
            folder.BeforeSync?.Invoke();
            folder.Step(node.Sync, syncError: node.Forget);
        }

        public override void Dispose()
        {
            lock (folder._gate)
            {
                closed?.Invoke();
                closed = null;
            }
        }
    }
}
