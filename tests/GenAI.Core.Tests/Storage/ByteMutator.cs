using System.Buffers.Binary;

namespace GenAI.Core.Tests.Storage;

/// <summary>Makes mutants of a file: bits, interesting numbers where numbers may be, and ranges that are cut, repeated, moved or cleared. The same for the same seed.</summary>
internal sealed class ByteMutator(int seed)
{
    private readonly Random _chance = new(seed);

    public byte[] Mutate(byte[] original)
    {
        var bytes = original.ToArray();
        for (var changes = 1 + _chance.Next(4); changes > 0 && bytes.Length > 0; changes--)
            bytes = Change(bytes);
        return bytes;
    }

    private byte[] Change(byte[] bytes)
    {
        var (at, length) = Range(bytes);
        switch (_chance.Next(10))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _chance.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)_chance.Next(256);
                return bytes;
            case 2 or 3:
                return Number(bytes, at);
            case 4:
                return bytes[..at];
            case 5:
                var more = new byte[_chance.Next(2) == 0 ? _chance.Next(1, 100) : 4096];
                if (_chance.Next(2) == 0)
                    _chance.NextBytes(more);
                return [.. bytes, .. more];
            case 6:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 7:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            case 8:
                bytes.AsSpan(at, length).Fill((byte)(_chance.Next(2) * 255));
                return bytes;
            default:
                bytes.AsSpan(at, length).ToArray().CopyTo(bytes, _chance.Next(bytes.Length - length + 1));
                return bytes;
        }
    }

    // Heads and tails are where the structure is, so they get half of the changes.
    private (int At, int Length) Range(byte[] bytes)
    {
        var at = _chance.Next(4) switch
        {
            0 => _chance.Next(Math.Min(bytes.Length, 256)),
            1 => bytes.Length - 1 - _chance.Next(Math.Min(bytes.Length, 256)),
            _ => _chance.Next(bytes.Length),
        };
        return (at, _chance.Next(Math.Min(bytes.Length - at, _chance.Next(2) == 0 ? 16 : 5000) + 1));
    }

    private byte[] Number(byte[] bytes, int at)
    {
        at = at / 4 * 4;
        if (bytes.Length - at < 8)
            return bytes;
        long[] interesting = [0, 1, -1, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, bytes.Length, bytes.Length - 1, bytes.Length + 1, 1L << 30, 1L << 32, 4096, 65536, _chance.Next(100)];
        var value = interesting[_chance.Next(interesting.Length)];
        if (_chance.Next(2) == 0)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), value);
        else
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), unchecked((int)value));
        return bytes;
    }
}
