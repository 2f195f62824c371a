using System.Buffers.Binary;
using GenAI.Core.Storage;

namespace GenAI.Core.Tests.Storage;

/// <summary>Gives mutants checksums that fit, from the description of the formats in docs/guides/durability.md.</summary>
internal static class Reseal
{
    public static void Manifest(byte[] bytes)
    {
        if (bytes.Length < 32)
            return;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), bytes.Length);
        Put(bytes, bytes.Length - 8, 0, bytes.Length - 8);
    }

    public static void Segment(byte[] bytes)
    {
        if (bytes.Length < 128)
            return;
        Put(bytes, 56, 0, 56);
        var footer = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan()[^64..]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan()[^56..], bytes.Length);
        if (footer >= 0 && footer <= bytes.Length - 64)
            Put(bytes, bytes.Length - 8, (int)footer, bytes.Length - 8);
    }

    public static void Log(byte[] bytes)
    {
        if (bytes.Length < 64)
            return;
        Put(bytes, 56, 0, 56);
        var id = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(16));
        for (var at = 64; bytes.Length - at >= 40;)
        {
            var seed = unchecked(id + (ulong)at * 0x9E3779B97F4A7C15);
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 12));
            if (length < 0 || length > bytes.Length - at - 40)
            {
                Put(bytes, at, at + 8, at + 40, seed);
                return;
            }

            Put(bytes, at + 32, at + 40, at + 40 + length, seed);
            Put(bytes, at, at + 8, at + 40, seed);
            at += 40 + (length + 7) / 8 * 8;
        }
    }

    private static void Put(byte[] bytes, int at, int from, int to, ulong seed = 0) =>
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), Checksum.Of(bytes.AsSpan(from, to - from), seed));
}
