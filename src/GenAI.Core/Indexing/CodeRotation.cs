using System.Runtime.Intrinsics;

namespace GenAI.Core.Indexing;

/// <summary>
/// A random rotation in d log d steps: signs, Hadamard transforms of the first and the last power of two of the components, and a
/// mixing of the halves, three times over. Afterwards the components of any unit vector look normally distributed with the same
/// deviation, so that one scale fits every row, nothing has to be learned from the data, and errors of rounding are independent.
/// </summary>
/// <remarks>
/// "The Fast Johnson-Lindenstrauss Transform", Ailon and Chazelle 2009; the halves are mixed as in Kac's walk. Every step is a sum
/// or product of two numbers, so the result is the same on every processor.
/// </remarks>
internal sealed unsafe class CodeRotation
{
    private const int Rounds = 3;

    private readonly int _dimensions;
    private readonly int _window;
    private readonly float[][] _signs = new float[Rounds][];

    public CodeRotation(int dimensions, ulong seed)
    {
        _dimensions = dimensions;
        _window = 1 << (31 - int.LeadingZeroCount(dimensions));
        var bits = new SeededSequence(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var signs = _signs[round] = new float[dimensions];
            for (var i = 0; i < dimensions; i++)
                signs[i] = (bits.Next() & 1) == 0 ? 1 : -1;
        }
    }

    public void Apply(float* vector)
    {
        var scale = 1 / MathF.Sqrt(_window);
        foreach (var signs in _signs)
        {
            for (var i = 0; i < _dimensions; i++)
                vector[i] *= signs[i];
            Transform(vector, _window, scale);
            if (_window == _dimensions)
                continue;
            Transform(vector + _dimensions - _window, _window, scale);
            Mix(vector, vector + (_dimensions - _dimensions / 2), _dimensions / 2);
        }
    }

    private static void Transform(float* vector, int length, float scale)
    {
        if (length >= 4)
        {
            var (alternate, pairs) = (Vector128.Create(1f, -1, 1, -1), Vector128.Create(1f, 1, -1, -1));
            for (var i = 0; i < length; i += 4)
            {
                var four = Vector128.Load(vector + i) * scale;
                four = Vector128.Shuffle(four, Vector128.Create(1, 0, 3, 2)) + four * alternate;
                four = Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)) + four * pairs;
                four.Store(vector + i);
            }

            for (var half = 4; half < length; half *= 2)
            {
                for (var i = 0; i < length; i += 2 * half)
                    Butterflies(vector + i, vector + i + half, half);
            }
        }
        else if (length == 2)
        {
            (vector[0], vector[1]) = ((vector[0] + vector[1]) * scale, (vector[0] - vector[1]) * scale);
        }
    }

    private static void Butterflies(float* left, float* right, int count)
    {
        var i = 0;
        for (; i <= count - 8; i += 8)
        {
            var (a, b) = (Vector256.Load(left + i), Vector256.Load(right + i));
            (a + b).Store(left + i);
            (a - b).Store(right + i);
        }

        for (; i < count; i++)
            (left[i], right[i]) = (left[i] + right[i], left[i] - right[i]);
    }

    private static void Mix(float* left, float* right, int count)
    {
        const float Scale = 0.70710678f;
        for (var i = 0; i < count; i++)
            (left[i], right[i]) = ((left[i] + right[i]) * Scale, (left[i] - right[i]) * Scale);
    }
}
