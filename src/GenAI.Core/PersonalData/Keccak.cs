using System.Buffers.Binary;
using System.Numerics;

namespace GenAI.Core.PersonalData;

/// <summary>Keccak-256 with the padding of its submission (G. Bertoni et al., The Keccak reference, 2011), which Ethereum uses and .NET does not have. For texts shorter than one block.</summary>
internal static class Keccak
{
    private const int Rate = 136;

    private static readonly int[] Rotations = [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];
    private static readonly int[] Places = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];
    private static readonly ulong[] RoundConstants = MakeRoundConstants();

    /// <param name="text">At most 135 bytes.</param>
    /// <param name="hash">32 bytes.</param>
    public static void Hash256(ReadOnlySpan<byte> text, Span<byte> hash)
    {
        Span<byte> block = stackalloc byte[Rate];
        block.Clear();
        text.CopyTo(block);
        block[text.Length] = 1;
        block[^1] |= 0x80;
        Span<ulong> state = stackalloc ulong[25];
        state.Clear();
        for (var i = 0; i < Rate / 8; i++)
            state[i] = BinaryPrimitives.ReadUInt64LittleEndian(block[(8 * i)..]);
        Permute(state);
        for (var i = 0; i < 4; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(hash[(8 * i)..], state[i]);
    }

    private static void Permute(Span<ulong> state)
    {
        Span<ulong> row = stackalloc ulong[5];
        foreach (var constant in RoundConstants)
        {
            for (var x = 0; x < 5; x++)
                row[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
            for (var i = 0; i < 25; i++)
                state[i] ^= row[(i + 4) % 5] ^ BitOperations.RotateLeft(row[(i + 1) % 5], 1);

            var moved = state[1];
            for (var i = 0; i < 24; i++)
            {
                var kept = state[Places[i]];
                state[Places[i]] = BitOperations.RotateLeft(moved, Rotations[i]);
                moved = kept;
            }

            for (var y = 0; y < 25; y += 5)
            {
                state.Slice(y, 5).CopyTo(row);
                for (var x = 0; x < 5; x++)
                    state[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
            }

            state[0] ^= constant;
        }
    }

    // By the linear feedback shift register of the specification.
    private static ulong[] MakeRoundConstants()
    {
        var constants = new ulong[24];
        byte register = 1;
        for (var round = 0; round < 24; round++)
        {
            for (var j = 0; j < 7; j++)
            {
                if ((register & 1) != 0)
                    constants[round] |= 1UL << ((1 << j) - 1);
                register = (byte)((register << 1) ^ ((register >> 7) * 0x71));
            }
        }

        return constants;
    }
}
