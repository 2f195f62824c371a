using System.Runtime.CompilerServices;

namespace GenAI.Core.Indexing;

/// <summary>
/// A query in the form that codes are compared with. Keys are distances up to a constant: lower is nearer. For a vector of length
/// <c>n</c> and the inner product <c>dot</c> of its code with the query's, the key is <c>n * (Square * n - step * dot)</c>.
/// </summary>
internal readonly unsafe struct GraphQuery(sbyte* codes, int sum)
{
    public readonly sbyte* Codes = codes;
    private readonly float _lowest = 128f * sum;
    private readonly float _middle = 7.5f * sum;

    /// <summary>1 where the length of a vector counts by itself, or else 0.</summary>
    public float Square { get; init; }

    /// <summary>What one unit of a code is worth in a vector of length 1.</summary>
    public float Step { get; init; }

    /// <summary>What the lower plane may take off the key of a vector of length 1.</summary>
    public float Margin { get; init; }

    /// <summary>What one unit of the query is worth beside the sign of a component of a vector of length 1.</summary>
    public float SignStep { get; init; }

    /// <summary>What to add to the key that the bits of a vector of length 1 tell: for each sum of them, what its components are less, and off it what the codes may take off.</summary>
    public float SignOffset { get; init; }

    /// <summary>Bytes of the signs of a row.</summary>
    public int SignBytes { get; init; }

    /// <summary>Where the length stands in a row of the upper plane; negative where all are 1.</summary>
    public int LengthOffset { get; init; }

    /// <summary>Bytes of a plane.</summary>
    public int PlaneBytes { get; init; }

    /// <summary>The inner product with the upper codes of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Upper(byte* upper) => PlaneKernels.Dot(Codes, upper, PlaneBytes);

    /// <summary>The standard deviation by which the keys of vectors of length 1 differ from exact ones: the rounding of both codes, and what is cut off.</summary>
    public float Blur { get; init; }

    /// <summary>The length of a stored vector as the codes know it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float LengthOf(byte* upper) => LengthOffset < 0 ? 1f : *(float*)(upper + LengthOffset);

    /// <summary>The key as far as signs tell it, less the error that is allowed for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float OptimisticOfSigns(byte* signs)
    {
        var length = LengthOffset < 0 ? 1f : *(float*)(signs + SignBytes);
        return length * (Square * length - SignStep * (2 * SignKernels.Sum(Codes, signs, SignBytes)) + SignOffset);
    }

    /// <summary>The key as far as the upper plane tells it, less the error that is allowed for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Optimistic(byte* upper, int product)
    {
        var length = LengthOf(upper);
        return length * (Square * length - Step * (16f * product + _middle - _lowest) - Margin);
    }

    /// <summary>The key as far as the upper plane tells it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Estimate(byte* upper, int product)
    {
        var length = LengthOf(upper);
        return length * (Square * length - Step * (16f * product + _middle - _lowest));
    }

    /// <summary>The key that both planes tell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Key(byte* upper, byte* lower, int product)
    {
        var length = LengthOf(upper);
        return length * (Square * length - Step * (16f * product + PlaneKernels.Dot(Codes, lower, PlaneBytes) - _lowest));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Key(byte* upper, byte* lower) => Key(upper, lower, Upper(upper));
}
