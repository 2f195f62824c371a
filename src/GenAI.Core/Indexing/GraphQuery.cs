using System.Runtime.CompilerServices;

namespace GenAI.Core.Indexing;

/// <summary>
/// A query in the form that codes are compared with. Keys are distances up to a constant: lower is nearer. For a vector of length
/// <c>n</c> and the inner product <c>dot</c> of its code with the query's, the key is <c>n * (square * n - step * dot)</c>.
/// </summary>
internal readonly unsafe struct GraphQuery(sbyte* codes, int sum, float square, float step, float margin, float blur, int lengthOffset, int planeBytes)
{
    public readonly sbyte* Codes = codes;
    private readonly float _lowest = 128f * sum;
    private readonly float _middle = 7.5f * sum;

    /// <summary>What one unit of a code is worth in a vector of length 1.</summary>
    public readonly float Step = step;

    /// <summary>The inner product with the upper codes of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Upper(byte* upper) => PlaneKernels.Dot(Codes, upper, planeBytes);

    /// <summary>The standard deviation by which the keys of vectors of length 1 differ from exact ones: the rounding of both codes, and what is cut off.</summary>
    public readonly float Blur = blur;

    /// <summary>The length of a stored vector as the codes know it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float LengthOf(byte* upper) => lengthOffset < 0 ? 1f : *(float*)(upper + lengthOffset);

    /// <summary>The key as far as the upper plane tells it, less the error that is allowed for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Optimistic(byte* upper, int product)
    {
        var length = LengthOf(upper);
        return length * (square * length - Step * (16f * product + _middle - _lowest) - margin);
    }

    /// <summary>The key as far as the upper plane tells it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Estimate(byte* upper, int product)
    {
        var length = LengthOf(upper);
        return length * (square * length - Step * (16f * product + _middle - _lowest));
    }

    /// <summary>The key that both planes tell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Key(byte* upper, byte* lower, int product)
    {
        var length = LengthOf(upper);
        return length * (square * length - Step * (16f * product + PlaneKernels.Dot(Codes, lower, planeBytes) - _lowest));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Key(byte* upper, byte* lower) => Key(upper, lower, Upper(upper));
}
