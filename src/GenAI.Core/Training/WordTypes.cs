using System.Runtime.InteropServices;
using GenAI.Core.Embeddings;
using GenAI.Core.Indexing;
using GenAI.Core.Text;

namespace GenAI.Core.Training;

/// <summary>
/// The different words of the texts read so far, as they are written, and in how many texts of which source their stems stand. So texts can be kept as numbers before it is known which words
/// the vocabulary will have, and each word is taken apart once, not each time that it comes.
/// </summary>
internal sealed class WordTypes
{
    /// <summary>The source of texts that have no say in which words the vocabulary has.</summary>
    public const int Uncounted = -1;

    // Rarer stems would never be learned, and their identity is what the buckets are for.
    private const int FewestTexts = 3;

    private readonly Dictionary<string, int> _types = new(StringComparer.Ordinal);
    private readonly List<string> _words = [];
    private readonly List<int[]> _stemsOfType = [];
    private readonly Dictionary<string, int> _stems = new(StringComparer.Ordinal);
    private readonly List<int> _lastText = [];
    private readonly Dictionary<long, int> _textsBySource = [];
    private int _texts;

    /// <summary>The words, by number.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>Adds the numbers of a text's words, in their order, and counts its stems.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">The number of its source, or <see cref="Uncounted"/>.</param>
    /// <param name="types">Receives the numbers.</param>
    public void Read(string text, int source, List<int> types)
    {
        _texts++;
        var known = _types.GetAlternateLookup<ReadOnlySpan<char>>();
        var words = new WordEnumerator(text);
        while (words.MoveNext())
        {
            if (!known.TryGetValue(words.Current, out var type))
                type = AddType(words.Current.ToString());
            types.Add(type);
            if (source == Uncounted)
                continue;
            foreach (var stem in _stemsOfType[type])
            {
                if (_lastText[stem] == _texts)
                    continue;
                _lastText[stem] = _texts;
                CollectionsMarshal.GetValueRefOrAddDefault(_textsBySource, ((long)source << 32) + stem, out _)++;
            }
        }
    }

    /// <summary>Chooses the stems that the vocabulary has rows for.</summary>
    /// <remarks>A stem counts by the sum over the sources of the square root of how many texts have it: a word of many fields goes before one that a single large source uses all the time.</remarks>
    /// <param name="words">The most words.</param>
    /// <param name="pieces">The most pieces of words that have no row of their own.</param>
    /// <param name="leftOut">Stems that have a row already.</param>
    public IReadOnlyList<ulong> Choose(int words, int pieces, Func<ulong, bool> leftOut)
    {
        var (scores, texts) = (new double[_stems.Count], new int[_stems.Count]);
        foreach (var (key, count) in _textsBySource)
        {
            scores[(int)key] += Math.Sqrt(count);
            texts[(int)key] += count;
        }

        var chosen = _stems.Where(stem => texts[stem.Value] >= FewestTexts && !leftOut(TermHash.Of(stem.Key)))
            .OrderByDescending(stem => scores[stem.Value]).ThenBy(stem => stem.Key, StringComparer.Ordinal)
            .Take(words).Select(stem => stem.Key).ToHashSet(StringComparer.Ordinal);
        return [.. chosen.Concat(Pieces(chosen, texts, pieces)).Select(stem => TermHash.Of(stem)).Distinct()];
    }

    /// <summary>The distinct tokens of each word and how often each comes in it.</summary>
    public (int Id, int Count)[][] TokensOf(StaticVocabulary vocabulary)
    {
        var tokens = new StaticTokens(vocabulary.Count);
        var result = new (int, int)[_words.Count][];
        for (var type = 0; type < result.Length; type++)
        {
            vocabulary.Tokenize(_words[type], tokens);
            result[type] = new (int, int)[tokens.Count];
            for (var i = 0; i < tokens.Count; i++)
                result[type][i] = (tokens.Ids[i], tokens.Counts[i]);
        }

        return result;
    }

    // The parts of three to eight letters that the words without a row have most in common: a part counts by how often it comes and by its letters.
    private IEnumerable<string> Pieces(HashSet<string> known, int[] texts, int pieces)
    {
        if (pieces == 0)
            return [];
        var scores = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (word, stem) in _stems)
        {
            if (known.Contains(word) || texts[stem] < FewestTexts || word.Length > 24 || word.AsSpan().ContainsAnyExceptInRange('a', 'z'))
                continue;
            for (var start = 0; start + 3 <= word.Length; start++)
            {
                for (var length = 3; length <= 8 && start + length <= word.Length; length++)
                {
                    var piece = word.Substring(start, length);
                    if (!known.Contains(piece))
                        CollectionsMarshal.GetValueRefOrAddDefault(scores, piece, out _) += Math.Sqrt(texts[stem]) * (length - 2);
                }
            }
        }

        return scores.OrderByDescending(piece => piece.Value).ThenBy(piece => piece.Key, StringComparer.Ordinal).Take(pieces).Select(piece => piece.Key);
    }

    private int AddType(string word)
    {
        var stems = new List<int>();
        foreach (var stem in TextAnalyzer.English.Analyze(word))
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_stems, stem, out var isKnown);
            if (!isKnown)
            {
                number = _stems.Count - 1;
                _lastText.Add(0);
            }

            stems.Add(number);
        }

        _types.Add(word, _words.Count);
        _words.Add(word);
        _stemsOfType.Add([.. stems]);
        return _words.Count - 1;
    }
}
