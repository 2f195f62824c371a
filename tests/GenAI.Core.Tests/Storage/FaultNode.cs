namespace GenAI.Core.Tests.Storage;

/// <summary>A file apart from its name.</summary>
internal sealed class FaultNode(byte[] content)
{
    private readonly List<Change> _pending = [];
    private byte[] _durable = content.ToArray();
    private int _durableLength = content.Length;
    private byte[] _bytes = content.ToArray();

    public int Length { get; private set; } = content.Length;

    public ArraySegment<byte> Bytes => new(_bytes, 0, Length);

    public void Apply(Change change)
    {
        _pending.Add(change);
        Length = change.Apply(ref _bytes, Length);
    }

    public void Sync()
    {
        foreach (var change in _pending)
            _durableLength = change.Apply(ref _durable, _durableLength);
        _pending.Clear();
    }

    // What was to be written never will be, though readers still see it, and whatever sync succeeds later.
    public void Forget() => _pending.Clear();

    /// <summary>The same file for the next process: what was not synced still is not.</summary>
    public FaultNode Copy()
    {
        var copy = new FaultNode([]) { _durable = _durable.ToArray(), _durableLength = _durableLength, _bytes = Bytes.ToArray(), Length = Length };
        copy._pending.AddRange(_pending);
        return copy;
    }

    /// <summary>What is left of it after a power cut.</summary>
    public byte[] After(Aftermath aftermath, Random chance)
    {
        var (bytes, length) = (_durable.ToArray(), _durableLength);
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

    /// <summary>A write, or a new length.</summary>
    internal sealed record Change(long Offset, byte[]? Bytes)
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
}
