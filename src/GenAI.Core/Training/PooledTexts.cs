using System.Numerics.Tensors;

namespace GenAI.Core.Training;

/// <summary>
/// The texts of one step: their tokens, their vectors as sums of token vectors and at unit length; and on the way back, what each vector's gradient
/// means for each token.
/// </summary>
internal sealed class PooledTexts(int capacity, int dimensions)
{
    // A sum of nothing has no direction; divided by this it stays nothing.
    private const float SmallestLength = 1e-12f;

    private readonly float[] _sums = new float[capacity * dimensions];
    private readonly float[] _gradients = new float[capacity * dimensions];
    private readonly float[] _lengths = new float[capacity];
    private readonly int[] _starts = new int[capacity + 1];
    private int[] _ids = [];
    private float[] _factors = [];

    // By token of the vocabulary: how many places of this step it has, then where they begin; and the places in that order.
    private int[] _first = [];
    private int[] _texts = [];
    private float[] _placed = [];
    private int[] _touched = [];

    public int Count { get; private set; }

    /// <summary>The vectors at unit length, row by row, as <see cref="Normalize"/> left them.</summary>
    public float[] Units { get; } = new float[capacity * Stride(dimensions)];

    /// <summary>The gradient of the loss by <see cref="Units"/>, to be written before <see cref="AddGradients"/>.</summary>
    public float[] UnitGradients { get; } = new float[capacity * Stride(dimensions)];

    /// <summary>How far the unit vectors are apart: filled up with zeros to whole vectors of eight, which a product of matrices has no edge for.</summary>
    public static int Stride(int dimensions) => (dimensions + 7) / 8 * 8;

    /// <summary>The tokens that the texts have, ascending.</summary>
    public ReadOnlySpan<int> Touched => _touched.AsSpan(0, TouchedCount);

    public int TouchedCount { get; private set; }

    /// <summary>Takes the tokens of the texts.</summary>
    /// <param name="bags">All texts.</param>
    /// <param name="texts">Which of them.</param>
    /// <param name="factorOfCount">By how often a token comes in a text, its factor.</param>
    /// <param name="dropout">The chance of each token to be left out.</param>
    /// <param name="seed">What the chance depends on.</param>
    public void Take(TokenBags bags, ReadOnlySpan<int> texts, float[] factorOfCount, double dropout, ulong seed)
    {
        Count = texts.Length;
        var tokens = 0;
        foreach (var text in texts)
            tokens += bags.IdsOf(text).Length;
        if (_ids.Length < tokens)
        {
            tokens += tokens / 4;
            (_ids, _factors, _texts, _placed) = (new int[tokens], new float[tokens], new int[tokens], new float[tokens]);
        }

        var random = new Indexing.SeededSequence(seed);
        var limit = (ulong)(dropout * ulong.MaxValue);
        var at = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            _starts[i] = at;
            var ids = bags.IdsOf(texts[i]);
            var counts = bags.CountsOf(texts[i]);
            for (var j = 0; j < ids.Length; j++)
            {
                // A text keeps its first token: without any it would have no direction.
                if (limit > 0 && j > 0 && random.Next() < limit)
                    continue;
                (_ids[at], _factors[at]) = (ids[j], factorOfCount[counts[j]]);
                at++;
            }
        }

        _starts[texts.Length] = at;
    }

    /// <summary>Sums up the token vectors, and forgets the gradients of the last step.</summary>
    public void Pool(TokenParameters parameters, float[] weights, ParallelOptions threads)
    {
        Array.Clear(_gradients, 0, Count * dimensions);
        InBlocks(threads, i =>
        {
            var sum = _sums.AsSpan(i * dimensions, dimensions);
            sum.Clear();
            for (var j = _starts[i]; j < _starts[i + 1]; j++)
                TensorPrimitives.MultiplyAdd(parameters.Rows.AsSpan(_ids[j] * dimensions, dimensions), _factors[j] * weights[_ids[j]], sum, sum);
        });
    }

    /// <summary>Brings the sums to unit length.</summary>
    public void Normalize(ParallelOptions threads) => InBlocks(threads, i =>
    {
        var sum = _sums.AsSpan(i * dimensions, dimensions);
        _lengths[i] = Math.Max(TensorPrimitives.Norm<float>(sum), SmallestLength);
        var unit = Units.AsSpan(i * Stride(dimensions), Stride(dimensions));
        TensorPrimitives.Divide(sum, _lengths[i], unit);
        unit[dimensions..].Clear();
    });

    /// <summary>Adds what the gradients by unit vectors mean for the sums: what points along a vector changes its length alone, and does not count.</summary>
    public void AddGradients(ParallelOptions threads) => InBlocks(threads, i =>
    {
        var unit = Units.AsSpan(i * Stride(dimensions), dimensions);
        var gradient = UnitGradients.AsSpan(i * Stride(dimensions), dimensions);
        TensorPrimitives.MultiplyAdd(unit, -TensorPrimitives.Dot<float>(unit, gradient), gradient, gradient);
        var sum = _gradients.AsSpan(i * dimensions, dimensions);
        TensorPrimitives.MultiplyAdd(gradient, 1 / _lengths[i], sum, sum);
    });

    /// <summary>Sorts the places of the texts by token.</summary>
    public void Sort(int vocabulary)
    {
        if (_first.Length != vocabulary + 1)
            (_first, _touched) = (new int[vocabulary + 1], new int[vocabulary]);
        Array.Clear(_first);
        var tokens = _starts[Count];
        for (var i = 0; i < tokens; i++)
            _first[_ids[i] + 1]++;
        TouchedCount = 0;
        for (var token = 0; token < vocabulary; token++)
        {
            if (_first[token + 1] > 0)
                _touched[TouchedCount++] = token;
            _first[token + 1] += _first[token];
        }

        for (var i = Count - 1; i >= 0; i--)
        {
            for (var j = _starts[i + 1] - 1; j >= _starts[i]; j--)
            {
                var place = --_first[_ids[j] + 1];
                (_texts[place], _placed[place]) = (i, _factors[j]);
            }
        }
        // Every token's end has become its beginning: _first[token + 1] is where token begins.
    }

    /// <summary>The gradient of the loss by a token's weighted vector; the texts in their order, so that the sum is the same each time.</summary>
    public void GradientOf(int token, Span<float> gradient)
    {
        gradient.Clear();
        var end = token + 2 < _first.Length ? _first[token + 2] : _starts[Count];
        for (var place = _first[token + 1]; place < end; place++)
            TensorPrimitives.MultiplyAdd(_gradients.AsSpan(_texts[place] * dimensions, dimensions), _placed[place], gradient, gradient);
    }

    private void InBlocks(ParallelOptions threads, Action<int> ofText)
    {
        const int Block = 16;
        Parallel.For(0, (Count + Block - 1) / Block, threads, block =>
        {
            for (var i = block * Block; i < Math.Min(Count, (block + 1) * Block); i++)
                ofText(i);
        });
    }
}
