using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GenAI.Core.Indexing;

/// <summary>What a segment says of its vectors: the section that the others are read by.</summary>
/// <remarks>The layout is in the guide to durability; all numbers are little-endian.</remarks>
internal sealed class VectorHead
{
    /// <summary>Of this layout, of the codes, and of the rotation that they are made with.</summary>
    public const int Version = 1;

    private const int FixedBytes = 56;
    private const int MostBreadth = 1 << 14;

    /// <summary>Whether there is a graph; its rows have codes of their own.</summary>
    public required VectorIndexKind Kind { get; init; }

    public required VectorMetric Metric { get; init; }

    public required int Dimensions { get; init; }

    /// <summary>The number of vectors.</summary>
    public required int Rows { get; init; }

    /// <summary>The number of ids, with a vector or without.</summary>
    public required int Ids { get; init; }

    /// <summary>Whether an exact index has codes, or a graph the signs of its own.</summary>
    public bool IsCoded { get; init; }

    /// <summary>The number of vectors that are stored scaled.</summary>
    public int Originals { get; init; }

    /// <summary>The most links of a row of the graph.</summary>
    public int MaxLinks { get; init; }

    /// <summary>How many candidates a search of the graph for ten keeps.</summary>
    public int Breadth { get; init; }

    /// <summary>The unit of lengths in the graph's codes.</summary>
    public double Unit { get; init; } = 1;

    /// <summary>Where searches enter the graph.</summary>
    public int[] Entries { get; init; } = [];

    /// <summary>The origin of the graph's codes; empty for zero.</summary>
    public float[] Centre { get; init; } = [];

    public byte[] ToBytes()
    {
        var bytes = new byte[FixedBytes + (Entries.Length + Centre.Length) * sizeof(int)];
        int[] numbers = [Version, (int)Kind, (int)Metric, Dimensions, Rows, Ids, IsCoded ? 1 : 0, Originals, MaxLinks, Breadth, Entries.Length, Centre.Length];
        var rest = bytes.AsSpan();
        foreach (var number in numbers)
            WriteInt(number, ref rest);
        BinaryPrimitives.WriteDoubleLittleEndian(rest, Unit);
        rest = rest[sizeof(double)..];
        foreach (var entry in Entries)
            WriteInt(entry, ref rest);
        foreach (var value in Centre)
            WriteInt(BitConverter.SingleToInt32Bits(value), ref rest);
        return bytes;
    }

    /// <summary>Reads a head, and says what is wrong with it if it cannot be.</summary>
    public static VectorHead? Read(ReadOnlySpan<byte> bytes, out string? fault)
    {
        fault = null;
        if (bytes.Length < FixedBytes)
        {
            fault = $"it has {bytes.Length} bytes, fewer than {FixedBytes}";
            return null;
        }

        Span<int> numbers = stackalloc int[12];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * sizeof(int))..]);
        if (numbers[0] != Version)
        {
            fault = $"its layout is version {numbers[0]}, and this library knows version {Version}: open it with a newer one";
            return null;
        }

        var (entries, centre) = (numbers[10], numbers[11]);
        if (entries < 0 || centre < 0 || bytes.Length != FixedBytes + ((long)entries + centre) * sizeof(int))
        {
            fault = $"{entries} entries and {centre} values of a centre do not make its {bytes.Length} bytes";
            return null;
        }

        var head = new VectorHead
        {
            Kind = (VectorIndexKind)numbers[1],
            Metric = (VectorMetric)numbers[2],
            Dimensions = numbers[3],
            Rows = numbers[4],
            Ids = numbers[5],
            IsCoded = numbers[6] == 1,
            Originals = numbers[7],
            MaxLinks = numbers[8],
            Breadth = numbers[9],
            Unit = BinaryPrimitives.ReadDoubleLittleEndian(bytes[48..]),
            Entries = MemoryMarshal.Cast<byte, int>(bytes.Slice(FixedBytes, entries * sizeof(int))).ToArray(),
            Centre = MemoryMarshal.Cast<byte, float>(bytes.Slice(FixedBytes + entries * sizeof(int), centre * sizeof(float))).ToArray(),
        };
        fault = head.Fault();
        return fault is null ? head : null;
    }

    // Whatever reading relies on without asking again.
    private string? Fault()
    {
        if (!Enum.IsDefined(Kind) || !Enum.IsDefined(Metric) || Dimensions is < 1 or > VectorIndex.MaxDimensions)
            return $"there is no kind {(int)Kind}, metric {(int)Metric} or vector of {Dimensions} dimensions";
        if (Rows < 0 || Ids < Rows || Originals < 0 || Originals > Rows)
            return $"{Rows} vectors, {Originals} of them as they were given, cannot have {Ids} ids";
        if (Kind == VectorIndexKind.Exact)
            return null;
        if (Metric is VectorMetric.Manhattan or VectorMetric.Hamming || MaxLinks is < 1 or > 1024 || Breadth is < 1 or > MostBreadth || !double.IsFinite(Unit))
            return $"a graph of {Metric}, {MaxLinks} links, a breadth of {Breadth} and a unit of {Unit} cannot be searched";
        if (Rows == 0 || Entries.Length == 0 || Array.Exists(Entries, entry => (uint)entry >= (uint)Rows))
            return $"a graph of {Rows} rows needs entries among them";
        return Centre.Length == (Metric == VectorMetric.Euclidean ? Dimensions : 0) ? null : $"the centre has {Centre.Length} values";
    }

    private static void WriteInt(int value, ref Span<byte> rest)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, value);
        rest = rest[sizeof(int)..];
    }
}
