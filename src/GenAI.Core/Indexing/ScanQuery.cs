using System.Numerics.Tensors;

namespace GenAI.Core.Indexing;

/// <summary>A row that waits for a better bound, with the inner product of the query's code, brought to unit length, and its own.</summary>
internal readonly record struct WaitingRow(int Slot, float Estimate, float Expected, RowAngle Angle);

/// <summary>One query's way through a scan: its best matches so far, and where codes are scanned its own codes, the rule, and the rows that are yet to be decided on.</summary>
/// <remarks>Kept for later searches, so that a search allocates nothing; about 25 KB once codes were scanned, up to <see cref="MostWaitingAlone"/> times 24 bytes where codes rule out little.</remarks>
internal sealed unsafe class ScanQuery(int dimensions)
{
    /// <summary>How many rows of a query among many can wait for a better bound before they are looked at with the one there is.</summary>
    public const int MostWaiting = 1024;

    /// <summary>How many of a query that is searched for alone. Of a million random vectors of 384 dimensions some 20,000 are in question to the end (0068).</summary>
    public const int MostWaitingAlone = 1 << 15;

    // Rounding of double precision.
    private const double Rounding = 1.0 / (1L << 53);

    private readonly int _testOffset = NibbleBatch.TestOffset(NibbleKernels.Steps(dimensions));
    private float[] _rotated = [];
    private VectorMatch* _places;
    private int _kept;
    private int _count;

    public PruningRule Rule;

    /// <summary>The query as the kernels take it.</summary>
    public float* Values { get; private set; }

    /// <summary>Its codes, padded with zeros to whole steps, and behind them what the sums of a batch start from, and the test of sums.</summary>
    public sbyte* Codes { get; private set; }

    /// <summary>Whether there are codes, and they can tell anything.</summary>
    public bool IsCoded { get; private set; }

    /// <summary>The rows that wait, in the first <see cref="WaitingCount"/> places: with all that is needed to ask again, for the codes have left the cache by then.</summary>
    public WaitingRow[] Waiting { get; private set; } = [];

    public int WaitingCount { get; set; }

    /// <summary>The first of those that wait that have not been looked at since they came.</summary>
    public int FirstNew { get; set; }

    /// <summary>Groups that were compared with it, and how many are to be when those that wait are looked at next.</summary>
    public long GroupsSeen { get; set; }

    public long NextLook { get; set; }

    /// <summary>Fifteen times the sum of the codes: what the kernels' sums, twice, are above the inner product of the codes.</summary>
    public int Offset { get; private set; }

    /// <summary>One over the length of the codes' vector.</summary>
    public float Inverse { get; private set; }

    /// <summary>The best matches so far. <see cref="Keep"/> is to be called with them when some were offered.</summary>
    public TopVectors Matches => new(new Span<VectorMatch>(_places, _kept), _count);

    /// <summary>How many matches are wanted at most.</summary>
    public int MostMatches => _kept;

    public ReadOnlySpan<float> Vector => new(Values, dimensions);

    /// <summary>Begins a search.</summary>
    /// <param name="values">The query as the kernels take it.</param>
    /// <param name="places">Where matches are kept.</param>
    /// <param name="kept">The number of places.</param>
    public void Begin(float* values, VectorMatch* places, int kept)
    {
        Values = values;
        _places = places;
        (_kept, _count, IsCoded, WaitingCount) = (kept, 0, false, 0);
        (GroupsSeen, NextLook, FirstNew) = (0, ExactScan.FirstLook, 0);
    }

    public void Keep(in TopVectors matches) => _count = matches.Count;

    /// <summary>Has more rows wait, if so many may.</summary>
    /// <param name="most">How many may wait at most.</param>
    public bool TryWaitLonger(int most)
    {
        if (Waiting.Length >= most)
            return false;
        var waiting = new WaitingRow[Waiting.Length * 2];
        Waiting.AsSpan(0, WaitingCount).CopyTo(waiting);
        Waiting = waiting;
        return true;
    }

    /// <summary>Takes note of a better bound.</summary>
    public void Tighten(float bound)
    {
        if (bound > Rule.Bound)
            SetBound(bound);
    }

    /// <summary>Sets the score that rows must reach.</summary>
    public void SetBound(float bound)
    {
        Rule.SetBound(bound);
        if (IsCoded)
            SetTest();
    }

    /// <summary>Codes the query, if codes can tell anything; otherwise the plain scan is to be used.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="rotation">The rotation that the rows' codes were made with.</param>
    /// <param name="codes">Receives the codes; <see cref="NibbleBatch.QueryBytes"/> of them.</param>
    public void Code(VectorMetric metric, RandomRotation rotation, sbyte* codes)
    {
        var query = Vector;
        double squares = 0;
        foreach (var value in query)
            squares += (double)value * value;
        var length = Math.Sqrt(squares);
        if (length is not (>= VectorNorm.Shortest and <= VectorNorm.Longest))
            return;

        if (Waiting.Length == 0)
            (Waiting, _rotated) = (new WaitingRow[MostWaiting], new float[dimensions]);
        for (var i = 0; i < query.Length; i++)
            _rotated[i] = (float)(query[i] / length);
        rotation.Apply(_rotated);

        // Codes of which many are large may have to be smaller for their sums to fit.
        var steps = NibbleKernels.Steps(query.Length);
        new Span<sbyte>(codes, steps * NibbleKernels.StepDimensions)[query.Length..].Clear();
        float largest = NibbleKernels.MaxQueryCode;
        Round(codes, largest);
        while (!NibbleBatch.TryStart(codes, steps))
            Round(codes, largest *= 0.8f);

        var (sum, square) = (0, 0L);
        double product = 0, norm = 0;
        for (var i = 0; i < query.Length; i++)
        {
            var code = codes[i];
            sum += code;
            square += code * code;
            product += code * (double)_rotated[i];
            norm += (double)_rotated[i] * _rotated[i];
        }

        // Of some 2 d roundings in double precision a small angle would suffer most.
        var cosine = Math.Min(1, product / Math.Sqrt(square * norm)) - (2.0 * query.Length + 16) * Rounding;
        var angle = Math.Acos(cosine) + 2.1 * rotation.Error + 1e-6;
        if (angle > 1)
            return;

        Offset = 15 * sum;
        Inverse = (float)(1 / Math.Sqrt(square));
        Rule = new PruningRule(metric, query.Length, metric == VectorMetric.Cosine ? 1 : length, angle);
        Codes = codes;
        IsCoded = true;
        SetTest();
    }

    // Sums are half of the inner product of the codes, and the offset: see SumTest. Metrics whose limits are something else pass it always.
    private void SetTest()
    {
        var test = (SumTest*)(Codes + _testOffset);
        if (!Rule.TryGetFactors(out var along, out var across))
        {
            *test = new SumTest { Start = float.NegativeInfinity };
            return;
        }

        var length = 1 / Inverse;
        *test = new SumTest
        {
            Along = along * length / 2,
            Across = -across * length / 2,
            Start = Offset / 2f - SumTest.Margin * 15 * MathF.Sqrt(dimensions) * length,
        };
    }

    private void Round(sbyte* codes, float largest)
    {
        var perUnit = largest / Math.Abs(TensorPrimitives.MaxMagnitude(_rotated));
        for (var i = 0; i < dimensions; i++)
            codes[i] = (sbyte)MathF.Round(Math.Clamp(_rotated[i] * perUnit, -largest, largest));
    }
}
