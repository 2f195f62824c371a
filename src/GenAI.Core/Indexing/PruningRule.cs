using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GenAI.Core.Indexing;

/// <summary>What bounds the error of a row's code: its length times the cosine and the sine of the angle to the row, and the row's length; see <see cref="CodeBlocks"/>.</summary>
internal readonly record struct RowAngle(float Along, float Across, float Length);

/// <summary>Decides from a row's code alone whether its score can still reach a bound. It may be wrong to keep a row, never to rule it out.</summary>
/// <remarks>
/// <para>
/// Every metric here is a matter of the angle between query and row: a score that reaches the bound means a cosine of at least
/// <c>c</c>, which for inner products and distances depends on the row's length as well. The angle between the <i>codes</i> is known
/// exactly, and angles are a metric: if it is larger than <c>acos(c)</c> plus the query's angle to its code plus the row's angle to its
/// code, then the score is below the bound. That is never weaker than the Cauchy-Schwarz bound on the residuals, and much stronger
/// for near neighbours.
/// </para>
/// <para>
/// The cosine of the sum of the angles is taken step by step. Where the cosine so far is negative its sine is taken for 1, which can
/// only lower the limit and keeps sums beyond 180 degrees harmless. Rounding is covered on each level: that of the plain scan's scores
/// by <see cref="_slack"/> (any order of summing up <c>d</c> products errs by at most <c>d</c> units of 2^-24 of the lengths' product), that of the
/// rotations within the query's angle, that of this arithmetic by <see cref="StepSlack"/> here and the margins that rows' numbers carry.
/// </para>
/// </remarks>
internal struct PruningRule
{
    // More than what one step of this arithmetic can err by in single precision.
    private const float StepSlack = 1e-6f;
    private const double DistanceSlack = 1e-6;

    private readonly VectorMetric _metric;
    private readonly double _queryLength;
    private readonly float _slack;
    private readonly double _distanceError;

    // Of the angle between the query and its code, and all that rounding may add.
    private readonly float _cosine;
    private readonly float _sine;

    // The least cosine of a row of length n: (a + b n n) c / n - slack.
    private float _a;
    private float _b;
    private float _c;

    // For the cosine metric it is the same for every row: the cosine and sine of the sum of the angles, but for the row's.
    private float _sumCosine;
    private float _sumSine;

    /// <param name="metric">The metric: cosine, inner product or Euclidean.</param>
    /// <param name="dimensions">The number of components.</param>
    /// <param name="queryLength">The query's length as the plain scan uses it: 1 for cosine.</param>
    /// <param name="angle">The largest possible angle between the rotated query and its code, and between a row's rotation and what was coded.</param>
    public PruningRule(VectorMetric metric, int dimensions, double queryLength, double angle)
    {
        (_metric, _queryLength) = (metric, queryLength);
        _slack = (float)((dimensions + 64.0) / (1 << 23));
        _distanceError = 2 * (dimensions + 16.0) / (1 << 23);
        (_cosine, _sine) = ((float)Math.Cos(angle), (float)Math.Sin(angle));
        _c = (float)((metric == VectorMetric.Euclidean ? 0.5 : 1) / queryLength);
        SetBound(float.NegativeInfinity);
    }

    /// <summary>The score that rows must reach to be kept, as <see cref="SetBound"/> was told.</summary>
    public float Bound { get; private set; }

    public void SetBound(float bound)
    {
        Bound = bound;
        switch (_metric)
        {
            case VectorMetric.Cosine:
                _sumCosine = Turn(bound - _slack);
                _sumSine = Sine(_sumCosine);
                break;
            case VectorMetric.DotProduct:
                (_a, _b) = (bound, 0);
                break;
            default:
                var squared = (double)bound * bound * (1 + _distanceError);
                _a = (float)(_queryLength * _queryLength * (1 - DistanceSlack) - squared * (1 + DistanceSlack));
                _b = (float)(1 - DistanceSlack);
                break;
        }
    }

    /// <summary>The least inner product of the query's code, brought to unit length, and a row's, below which the row is ruled out.</summary>
    /// <param name="row">What is known of the row.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Limit(in RowAngle row)
    {
        var (cosine, sine) = (_sumCosine, _sumSine);
        if (_metric != VectorMetric.Cosine)
        {
            var length = row.Length;
            var least = (_a + _b * length * length) * (_c / length) - _slack;
            if (least > 1)
                return float.PositiveInfinity;
            cosine = Turn(least);
            sine = Sine(cosine);
        }

        return cosine * row.Along - sine * row.Across;
    }

    /// <summary>A number that orders rows as their scores would, if their codes were all there is of them; NaN for a row that cannot be reasoned about.</summary>
    public readonly float Expected(float estimate, in RowAngle row)
    {
        var cosine = estimate / row.Along;
        return _metric switch
        {
            VectorMetric.Cosine => cosine,
            VectorMetric.DotProduct => cosine * row.Length,
            _ => (2 * (float)_queryLength * cosine - row.Length) * row.Length,
        };
    }

    /// <summary>Whether limits are <paramref name="along"/> times a row's along less <paramref name="across"/> times its across, and which numbers these are.</summary>
    public readonly bool TryGetFactors(out float along, out float across)
    {
        (along, across) = (_sumCosine, _sumSine);
        return _metric == VectorMetric.Cosine;
    }

    /// <summary>The limits of the sixteen rows of a group, as <see cref="Limit"/> computes them.</summary>
    /// <param name="along">Where the group's alongs are.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly unsafe Vector512<float> Limits(float* along)
    {
        var (alongs, acrosses) = (Vector512.Load(along), Vector512.Load(along + NibbleKernels.GroupRows));
        if (_metric == VectorMetric.Cosine)
            return alongs * _sumCosine - acrosses * _sumSine;

        var one = Vector512<float>.One;
        var lengths = Vector512.Load(along + 2 * NibbleKernels.GroupRows);
        var least = (Vector512.Create(_a) + lengths * lengths * _b) * (Vector512.Create(_c) / lengths) - Vector512.Create(_slack);
        var cosines = least * _cosine - Sines(least) * _sine - Vector512.Create(StepSlack);
        var limits = alongs * cosines - acrosses * Sines(cosines);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(least, one), Vector512.Create(float.PositiveInfinity), limits);
    }

    /// <summary>The limits of eight rows, as <see cref="Limit"/> computes them.</summary>
    /// <param name="along">Where the rows' alongs are.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly unsafe Vector256<float> Limits256(float* along)
    {
        var (alongs, acrosses) = (Vector256.Load(along), Vector256.Load(along + NibbleKernels.GroupRows));
        if (_metric == VectorMetric.Cosine)
            return alongs * _sumCosine - acrosses * _sumSine;

        var lengths = Vector256.Load(along + 2 * NibbleKernels.GroupRows);
        var least = (Vector256.Create(_a) + lengths * lengths * _b) * (Vector256.Create(_c) / lengths) - Vector256.Create(_slack);
        var cosines = least * _cosine - Sines(least) * _sine - Vector256.Create(StepSlack);
        var limits = alongs * cosines - acrosses * Sines(cosines);
        return Vector256.ConditionalSelect(Vector256.GreaterThan(least, Vector256<float>.One), Vector256.Create(float.PositiveInfinity), limits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Sines(Vector256<float> cosines)
    {
        var sines = Vector256.Sqrt((Vector256<float>.One - cosines) * (Vector256<float>.One + cosines));
        return Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(cosines, Vector256<float>.Zero), sines, Vector256<float>.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sines(Vector512<float> cosines)
    {
        var sines = Vector512.Sqrt((Vector512<float>.One - cosines) * (Vector512<float>.One + cosines));
        return Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(cosines, Vector512<float>.Zero), sines, Vector512<float>.One);
    }

    private static float Sine(float cosine) => cosine >= 0 ? MathF.Sqrt((1 - cosine) * (1 + cosine)) : 1;

    private readonly float Turn(float least) => least * _cosine - Sine(least) * _sine - StepSlack;
}
