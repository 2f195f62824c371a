using System.Runtime.InteropServices;
using GenAI.Core.Text;

namespace GenAI.Core.Training;

/// <summary>The pairs of a training as they were read: texts as numbers of words, each text once.</summary>
internal sealed class PairTexts
{
    private readonly Dictionary<ulong, int> _textByHash = [];
    private readonly Dictionary<string, int> _sources = new(StringComparer.Ordinal);
    private readonly List<int> _types = [];
    private readonly List<int> _starts = [0];
    private readonly List<ulong> _hashes = [];

    public WordTypes Words { get; } = new();

    public List<Pair> Pairs { get; } = [];

    /// <summary>The queries by their text's number, and the passages by theirs; only where negatives are to be mined.</summary>
    public Dictionary<int, string>? Queries { get; init; }

    /// <inheritdoc cref="Queries"/>
    public Dictionary<int, string>? Passages { get; init; }

    public int Texts => _hashes.Count;

    public int Sources => _sources.Count;

    /// <summary>The hash of each text.</summary>
    public IReadOnlyList<ulong> Hashes => _hashes;

    /// <param name="Left">The query's text.</param>
    /// <param name="Right">The passage's text.</param>
    /// <param name="Source">The source's number.</param>
    /// <param name="Weight">How often the pair is drawn.</param>
    /// <param name="Negatives">The texts that are wrong.</param>
    internal sealed record Pair(int Left, int Right, int Source, double Weight, int[] Negatives);

    /// <summary>Reads a pair to train on.</summary>
    public void Add(TrainingPair pair, long number)
    {
        var read = Read(pair, number, isTrained: true);
        Queries?.TryAdd(read.Left, pair.Query);
        Passages?.TryAdd(read.Right, pair.Passage);
        Pairs.Add(read);
    }

    /// <summary>Reads a pair.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="number">Its number, for the message.</param>
    /// <param name="isTrained">Whether its words count for the vocabulary.</param>
    /// <exception cref="ArgumentException">A side is empty, or the weight is no number above 0.</exception>
    public Pair Read(TrainingPair pair, long number, bool isTrained)
    {
        if (pair is null)
            throw new ArgumentException($"Pair {number} is null; leave it out.", nameof(pair));
        CheckSide(pair.Query, nameof(pair.Query), number);
        CheckSide(pair.Passage, nameof(pair.Passage), number);
        foreach (var negative in pair.HardNegatives)
            CheckSide(negative, nameof(pair.HardNegatives), number);
        if (!(pair.Weight > 0 && double.IsFinite(pair.Weight)))
            throw new ArgumentException($"The weight of pair {number} is {pair.Weight}; it must be a number above 0. Leave out pairs that are not to be drawn.", nameof(pair));

        ref var source = ref CollectionsMarshal.GetValueRefOrAddDefault(_sources, pair.Source, out var isKnown);
        if (!isKnown)
            source = _sources.Count - 1;
        var counted = isTrained ? source : WordTypes.Uncounted;
        var read = new Pair(Text(pair.Query, counted), Text(pair.Passage, counted), source, pair.Weight, [.. pair.HardNegatives.Select(negative => Text(negative, WordTypes.Uncounted))]);
        return read;
    }

    /// <summary>The bags of all texts, in the tokens of a vocabulary.</summary>
    public TokenBags ToBags(Embeddings.StaticVocabulary vocabulary)
    {
        var ofType = Words.TokensOf(vocabulary);
        var tokens = new Embeddings.StaticTokens(vocabulary.Count);
        var bags = new TokenBags();
        var types = CollectionsMarshal.AsSpan(_types);
        for (var text = 0; text < Texts; text++)
        {
            tokens.Clear();
            foreach (var type in types[_starts[text].._starts[text + 1]])
            {
                foreach (var (id, count) in ofType[type])
                {
                    for (var i = 0; i < count; i++)
                        tokens.Add(id);
                }
            }

            bags.Add(tokens);
        }

        return bags;
    }

    private int Text(string text, int source)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_textByHash, TermHash.Of(text), out var isKnown);
        if (isKnown)
            return number;
        Words.Read(text, source, _types);
        _starts.Add(_types.Count);
        _hashes.Add(TermHash.Of(text));
        return number = _hashes.Count - 1;
    }

    private static void CheckSide(string? side, string name, long number)
    {
        if (string.IsNullOrWhiteSpace(side))
            throw new ArgumentException($"Pair {number} has an empty {name}: there is nothing to learn from it. Leave it out.", nameof(side));
    }
}
