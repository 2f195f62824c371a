using System.Numerics.Tensors;

namespace GenAI.Core.Indexing;

/// <summary>One query's state while rows' codes are scanned: its own codes, the rule, and the rows that are yet to be decided on.</summary>
/// <remarks>Pooled, so that a search allocates nothing; about 12 KB.</remarks>
internal sealed unsafe class CodedQuery
{
    /// <summary>How many rows can wait for a better bound before they are looked at with the one there is.</summary>
    public const int MostWaiting = 1024;

    private readonly float[] _rotated;

    public CodedQuery(int dimensions) => _rotated = new float[dimensions];

    /// <summary>The rows that wait.</summary>
    public int[] Slots { get; } = new int[MostWaiting];

    /// <summary>The inner products of the query's code and theirs.</summary>
    public float[] Estimates { get; } = new float[MostWaiting];

    public int Waiting { get; set; }

    /// <summary>Fifteen times the sum of the codes: what the kernels' sums, twice, are above the inner product of the codes.</summary>
    public int Offset { get; private set; }

    /// <summary>One over the length of the codes' vector.</summary>
    public float Inverse { get; private set; }

    public PruningRule Rule;

    /// <summary>Codes a query.</summary>
    /// <param name="query">The query as the plain scan uses it.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="rotation">The rotation that the rows' codes were made with.</param>
    /// <param name="codes">Receives the codes, padded with zeros.</param>
    /// <returns>Whether codes can tell anything; if not, the plain scan is to be used.</returns>
    public bool Prepare(ReadOnlySpan<float> query, VectorMetric metric, RandomRotation rotation, Span<sbyte> codes)
    {
        Waiting = 0;
        double squares = 0;
        foreach (var value in query)
            squares += (double)value * value;
        var length = Math.Sqrt(squares);
        if (length is not (>= VectorNorm.Shortest and <= VectorNorm.Longest))
            return false;

        for (var i = 0; i < query.Length; i++)
            _rotated[i] = (float)(query[i] / length);
        rotation.Apply(_rotated);

        var perUnit = 127 / Math.Abs(TensorPrimitives.MaxMagnitude(_rotated));
        var (sum, square) = (0, 0L);
        double product = 0, norm = 0;
        codes[query.Length..].Clear();
        for (var i = 0; i < query.Length; i++)
        {
            var code = (int)MathF.Round(Math.Clamp(_rotated[i] * perUnit, -127, 127));
            codes[i] = (sbyte)code;
            sum += code;
            square += code * code;
            product += code * (double)_rotated[i];
            norm += (double)_rotated[i] * _rotated[i];
        }

        var cosine = Math.Min(1, product / Math.Sqrt(square * norm));
        var angle = Math.Acos(cosine) + 2.1 * rotation.Error + 1e-6;
        if (angle > 1)
            return false;

        Offset = 15 * sum;
        Inverse = (float)(1 / Math.Sqrt(square));
        Rule = new PruningRule(metric, query.Length, metric == VectorMetric.Cosine ? 1 : length, angle);
        return true;
    }
}
