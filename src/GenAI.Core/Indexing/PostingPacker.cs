using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GenAI.Core.Indexing;

/// <summary>Packs postings into blocks and unpacks them.</summary>
/// <remarks>
/// A posting is packed as the distance to the text before it, less 1, and its frequency, less 1, in as many bits as the largest of
/// the block needs: one record per posting, all of one width, so that one can be appended in place. At most 31 + 24 bits wide, a
/// record lies within 8 bytes from any bit offset of a byte. The first text is in the block's head; its record has distance 0.
/// </remarks>
internal static class PostingPacker
{
    /// <summary>The highest frequency that is told apart from higher ones: as far as single precision counts exactly.</summary>
    public const int MaxFrequency = 1 << 24;

    /// <summary>The most bytes that a block's packed postings take, with those that are read along behind the last.</summary>
    public const int MostBytes = PostingBlock.MaxCount * (31 + 24) / 8 + 2 * PostingArena.Unit;

    /// <summary>Replaces the content of <paramref name="block"/>.</summary>
    /// <param name="block">A block; zeroed if new.</param>
    /// <param name="texts">The texts, ascending; 1 to 128.</param>
    /// <param name="frequencies">How often the term stands in each.</param>
    /// <param name="lengths">The length of every text of the index.</param>
    /// <param name="arena">Where the block's data is.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(ref PostingBlock block, ReadOnlySpan<int> texts, ReadOnlySpan<int> frequencies, ReadOnlySpan<int> lengths, PostingArena arena)
    {
        Describe(ref block, texts, frequencies, lengths);
        Reserve(ref block, texts.Length == 1 ? 0 : UnitsFor(texts.Length * block.Width), arena);
        if (texts.Length > 1)
            Write(ref arena.At(block.Data), block, texts, frequencies);
    }

    /// <summary>Makes a block for a file.</summary>
    /// <param name="texts">The texts, ascending; 1 to 128.</param>
    /// <param name="frequencies">How often the term stands in each.</param>
    /// <param name="lengths">The length of every text of the index.</param>
    /// <param name="data">Receives the packed postings; <see cref="MostBytes"/> of room.</param>
    /// <returns>The block; <see cref="PostingBlock.Units"/> of the data are its own.</returns>
    public static PostingBlock Pack(ReadOnlySpan<int> texts, ReadOnlySpan<int> frequencies, ReadOnlySpan<int> lengths, Span<byte> data)
    {
        var block = default(PostingBlock);
        Describe(ref block, texts, frequencies, lengths);
        if (texts.Length == 1)
            return block;
        data[..MostBytes].Clear();
        block.Units = (byte)(BytesOf(block) / PostingArena.Unit);
        Write(ref MemoryMarshal.GetReference(data), block, texts, frequencies);
        return block;
    }

    /// <summary>The bytes that the packed postings of a block take, in whole units.</summary>
    public static int BytesOf(in PostingBlock block) => block.Count == 1 ? 0 : Math.Max(1, (block.Count * block.Width + 63) / 64) * PostingArena.Unit;

    /// <summary>Appends a posting where the block's widths and memory allow it; false if the block must be packed anew.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryAppend(ref PostingBlock block, int text, int frequency, int length, PostingArena arena)
    {
        var distance = text - block.LastText - 1;
        if (block.Count is < 2 or PostingBlock.MaxCount || distance >> block.TextBits != 0 || frequency - 1 >> block.FrequencyBits != 0
            || (block.Count + 1) * block.Width > block.Units * PostingArena.Unit * 8)
            return false;

        Write(ref arena.At(block.Data), block, block.Count, distance, frequency - 1);
        block.LastText = text;
        block.Count++;
        Raise(ref block, frequency, length);
        return true;
    }

    /// <summary>Writes the postings of <paramref name="block"/> to the spans, which have room for 128, and returns their number.</summary>
    /// <param name="block">The block.</param>
    /// <param name="texts">Receives the texts.</param>
    /// <param name="frequencies">Receives the frequencies.</param>
    /// <param name="data">The packed postings; nowhere if there is only one.</param>
    public static int Unpack(in PostingBlock block, Span<int> texts, Span<int> frequencies, ref byte data)
    {
        texts = texts[..PostingBlock.MaxCount];
        frequencies = frequencies[..PostingBlock.MaxCount];
        int count = block.Count;
        if (count == 1)
        {
            texts[0] = block.FirstText;
            frequencies[0] = block.MaxFrequency;
            return 1;
        }

        var width = block.Width;
        var textMask = (1UL << block.TextBits) - 1;
        var frequencyMask = (1UL << block.FrequencyBits) - 1;
        var text = block.FirstText - 1;
        for (int i = 0, bit = 0; i < count && i < texts.Length && i < frequencies.Length; i++, bit += width)
        {
            var record = Read(ref data, bit);
            text += (int)(record & textMask) + 1;
            texts[i] = text;
            frequencies[i] = (int)(record >> block.TextBits & frequencyMask) + 1;
        }

        return count;
    }

    /// <summary>Gives the memory of <paramref name="block"/> back.</summary>
    public static void Release(ref PostingBlock block, PostingArena arena) => Reserve(ref block, 0, arena);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Describe(ref PostingBlock block, ReadOnlySpan<int> texts, ReadOnlySpan<int> frequencies, ReadOnlySpan<int> lengths)
    {
        int distances = 0, highest = 0;
        block.MaxFrequency = 0;
        block.MinLengthPerFrequency = float.MaxValue;
        for (var i = 0; i < texts.Length; i++)
        {
            distances |= i == 0 ? 0 : texts[i] - texts[i - 1] - 1;
            highest |= frequencies[i] - 1;
            Raise(ref block, frequencies[i], lengths[texts[i]]);
        }

        block.FirstText = texts[0];
        block.LastText = texts[^1];
        block.Count = (byte)texts.Length;
        block.TextBits = (byte)(32 - BitOperations.LeadingZeroCount((uint)distances));
        block.FrequencyBits = (byte)(32 - BitOperations.LeadingZeroCount((uint)highest));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write(ref byte data, in PostingBlock block, ReadOnlySpan<int> texts, ReadOnlySpan<int> frequencies)
    {
        for (var i = 0; i < texts.Length; i++)
            Write(ref data, block, i, i == 0 ? 0 : texts[i] - texts[i - 1] - 1, frequencies[i] - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Raise(ref PostingBlock block, int frequency, int length)
    {
        block.MaxFrequency = Math.Max(block.MaxFrequency, frequency);
        block.MinLengthPerFrequency = Math.Min(block.MinLengthPerFrequency, length / (float)frequency);
    }

    // A little more than needed, so that a growing block is not moved at each step.
    private static int UnitsFor(int bits)
    {
        var units = Math.Max(1, (bits + 63) / 64);
        return units <= 4 ? units : units <= 16 ? (units + 1) & ~1 : (units + 3) & ~3;
    }

    private static void Reserve(ref PostingBlock block, int units, PostingArena arena)
    {
        if (block.Units == units)
            return;
        if (block.Units > 0)
            arena.Free(block.Data, block.Units);
        block.Data = units > 0 ? arena.Allocate(units) : 0;
        block.Units = (byte)units;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ref byte data, in PostingBlock block, int index, int distance, int frequency)
    {
        var width = block.Width;
        var bit = index * width;
        ref var at = ref Unsafe.Add(ref data, bit >> 3);
        var shift = bit & 7;
        var record = ((ulong)(uint)distance | (ulong)(uint)frequency << block.TextBits) << shift;
        var mask = ~(((1UL << width) - 1) << shift);
        var old = LittleEndian(Unsafe.ReadUnaligned<ulong>(ref at));
        // Bits behind the record may belong to another block; they are written back as they were, which one writer may do.
        Unsafe.WriteUnaligned(ref at, LittleEndian((old & mask) | record));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Read(ref byte data, int bit) => LittleEndian(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref data, bit >> 3))) >> (bit & 7);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LittleEndian(ulong value) => BitConverter.IsLittleEndian ? value : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
}
