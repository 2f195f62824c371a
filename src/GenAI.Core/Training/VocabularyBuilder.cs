using System.Runtime.InteropServices;
using GenAI.Core.Embeddings;
using GenAI.Core.Indexing;
using GenAI.Core.Text;

namespace GenAI.Core.Training;

/// <summary>Chooses the words and pieces that a vocabulary has rows for.</summary>
/// <remarks>
/// A word counts by the sum over the sources of the square root of how many of a source's texts have it: so a word of many fields goes before one that a single large
/// source uses all the time. Texts of one source come one after the other.
/// </remarks>
internal sealed class VocabularyBuilder
{
    // Rarer words would never be learned, and their identity is what the buckets are for.
    private const int FewestTexts = 3;

    private readonly Dictionary<string, Word> _words = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _ofSource = [];
    private string? _source;

    private record struct Word(double Score, int Texts, int OfSource);

    /// <summary>Counts the words of a text.</summary>
    public void Add(string text, string source)
    {
        if (source != _source)
            EndSource();
        _source = source;
        _seen.Clear();
        var sink = new Sink(_seen);
        TextAnalyzer.English.Analyze(text, ref sink);
        foreach (var word in _seen)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_words, word, out _);
            count.Texts++;
            if (count.OfSource++ == 0)
                _ofSource.Add(word);
        }
    }

    /// <summary>Makes the vocabulary.</summary>
    /// <param name="words">The most words.</param>
    /// <param name="pieces">The most pieces of words that have no row of their own.</param>
    /// <param name="buckets">The number of buckets.</param>
    public StaticVocabulary Build(int words, int pieces, int buckets)
    {
        EndSource();
        var chosen = _words.Where(word => word.Value.Texts >= FewestTexts)
            .OrderByDescending(word => word.Value.Score).ThenBy(word => word.Key, StringComparer.Ordinal)
            .Take(words).Select(word => word.Key).ToList();
        var known = chosen.ToHashSet(StringComparer.Ordinal);
        chosen.AddRange(Pieces(known, pieces));
        return new StaticVocabulary(chosen.Select(word => TermHash.Of(word)).Distinct().ToArray(), buckets);
    }

    // The parts of three to eight letters that most of the words without a row have in common, long ones before short ones: a part counts by the letters that it saves.
    private IEnumerable<string> Pieces(HashSet<string> known, int pieces)
    {
        if (pieces == 0)
            return [];
        var scores = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (word, count) in _words)
        {
            if (known.Contains(word) || count.Texts < FewestTexts || word.Length > 24 || word.AsSpan().ContainsAnyExceptInRange('a', 'z'))
                continue;
            for (var start = 0; start + 3 <= word.Length; start++)
            {
                for (var length = 3; length <= 8 && start + length <= word.Length; length++)
                {
                    var piece = word.Substring(start, length);
                    if (!known.Contains(piece))
                        CollectionsMarshal.GetValueRefOrAddDefault(scores, piece, out _) += Math.Sqrt(count.Texts) * (length - 2);
                }
            }
        }

        return scores.OrderByDescending(piece => piece.Value).ThenBy(piece => piece.Key, StringComparer.Ordinal).Take(pieces).Select(piece => piece.Key);
    }

    private void EndSource()
    {
        foreach (var word in _ofSource)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(_words, word);
            count.Score += Math.Sqrt(count.OfSource);
            count.OfSource = 0;
        }

        _ofSource.Clear();
    }

    private readonly struct Sink(HashSet<string> words) : ITermSink
    {
        private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _words = words.GetAlternateLookup<ReadOnlySpan<char>>();

        public static bool WantsHashes => false;

        public void Add(ReadOnlySpan<char> term) => _words.Add(term);

        public void Add(ulong hash) => throw new InvalidOperationException("This sink takes characters.");
    }
}
