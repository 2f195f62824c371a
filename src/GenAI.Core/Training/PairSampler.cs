using GenAI.Core.Indexing;

namespace GenAI.Core.Training;

/// <summary>Draws the pairs of a step. What it draws depends on the seed and the step alone, so that a training can go on where it was interrupted.</summary>
internal sealed class PairSampler
{
    // Of this many sources are the pairs of a step that has few. Two, so that a model also learns to tell fields apart.
    private const int SourcesOfStep = 2;

    private readonly IReadOnlyList<PairTexts.Pair> _pairs;
    private readonly double _sameSourceShare;
    private readonly ulong _seed;
    private readonly double[] _sums;
    private readonly int[][] _bySource;
    private readonly double[][] _sumsBySource;
    private readonly double[] _sourceSums;

    public PairSampler(IReadOnlyList<PairTexts.Pair> pairs, double sameSourceShare, ulong seed)
    {
        (_pairs, _sameSourceShare, _seed) = (pairs, sameSourceShare, seed);
        _sums = Sums(pairs.Select(pair => pair.Weight));
        _bySource = [.. Enumerable.Range(0, pairs.Count).GroupBy(i => pairs[i].Source).Select(group => group.ToArray())];
        _sumsBySource = [.. _bySource.Select(source => Sums(source.Select(i => pairs[i].Weight)))];
        _sourceSums = Sums(_sumsBySource.Select(sums => sums[^1]));
    }

    /// <summary>Draws as many pairs as there is room for, with replacement.</summary>
    public void Draw(int step, Span<int> pairs)
    {
        var random = new SeededSequence(Text.TermHash.Mix(_seed + (ulong)step, 0x9E3779B97F4A7C15));
        if (_bySource.Length == 1 || Unit(ref random) >= _sameSourceShare)
        {
            foreach (ref var pair in pairs)
                pair = Pick(_sums, ref random);
            return;
        }

        for (var part = 0; part < SourcesOfStep; part++)
        {
            var source = Pick(_sourceSums, ref random);
            foreach (ref var pair in pairs[(pairs.Length * part / SourcesOfStep)..(pairs.Length * (part + 1) / SourcesOfStep)])
                pair = _bySource[source][Pick(_sumsBySource[source], ref random)];
        }
    }

    /// <summary>Pairs of one step that are not wrong for each other though they stand in different places: those that share a text.</summary>
    public List<(int Row, int Column)> Masked(ReadOnlySpan<int> pairs, ReadOnlySpan<int> negatives)
    {
        var masked = new List<(int, int)>();
        var places = new Dictionary<int, List<int>>();
        for (var i = 0; i < pairs.Length; i++)
        {
            Meet(places, _pairs[pairs[i]].Left, i, masked);
            Meet(places, ~_pairs[pairs[i]].Right, i, masked);
        }

        for (var j = 0; j < negatives.Length; j++)
        {
            foreach (var i in places.GetValueOrDefault(~negatives[j]) ?? [])
                masked.Add((i, pairs.Length + j));
        }

        return masked;
    }

    private static void Meet(Dictionary<int, List<int>> places, int key, int place, List<(int, int)> masked)
    {
        if (!places.TryGetValue(key, out var others))
            places[key] = others = [];
        foreach (var other in others)
        {
            masked.Add((place, other));
            masked.Add((other, place));
        }

        others.Add(place);
    }

    private static double[] Sums(IEnumerable<double> weights)
    {
        var sum = 0.0;
        return [.. weights.Select(weight => sum += weight)];
    }

    private static int Pick(double[] sums, ref SeededSequence random)
    {
        var place = Array.BinarySearch(sums, Unit(ref random) * sums[^1]);
        return Math.Min(place < 0 ? ~place : place + 1, sums.Length - 1);
    }

    private static double Unit(ref SeededSequence random) => (random.Next() >> 11) * (1.0 / (1UL << 53));
}
