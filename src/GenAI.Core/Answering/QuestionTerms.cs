using System.Buffers;
using GenAI.Core.Indexing;

namespace GenAI.Core.Answering;

/// <summary>The terms of a question that an answer must have, with how much each says.</summary>
internal sealed class QuestionTerms
{
    /// <summary>Terms are bits of a <see cref="ulong"/>; a question of more different words than this is judged by its first ones.</summary>
    private const int MaxTerms = 64;

    /// <summary>A question is judged by its first characters; longer ones are pasted texts.</summary>
    private const int MaxLength = 4000;

    /// <summary>A name, number or identifier is what the question is about.</summary>
    private const double NameWeight = 1.5;

    private static readonly SearchValues<char> Identifier = SearchValues.Create("0123456789_.:/\\@#$%");

    private readonly Dictionary<ulong, int> _bits = [];
    private readonly List<double> _specificity = [];

    private QuestionTerms(QuestionCues cues) => Cues = cues;

    public QuestionCues Cues { get; }

    public int Count => _specificity.Count;

    /// <summary>The bits of all terms.</summary>
    public ulong All => Count == MaxTerms ? ulong.MaxValue : (1UL << Count) - 1;

    /// <summary>The bits of the terms that name what the question is about.</summary>
    public ulong Names { get; private set; }

    /// <summary>The bits of names and of words that are not common.</summary>
    public ulong Specific { get; private set; }

    /// <summary>How specific each term is: 1 for an ordinary word, less for one that fits many questions, more for a name.</summary>
    public IReadOnlyList<double> Specificity => _specificity;

    public static QuestionTerms Of(string question)
    {
        if (question.Length > MaxLength)
            question = question[..MaxLength];
        var terms = new QuestionTerms(AnswerCues.Of(question));
        terms.AddWords(question, withFunctionWords: false);

        // A question of nothing but function words, such as "Who are you?", is about these words.
        if (terms.Count == 0)
            terms.AddWords(question, withFunctionWords: true);
        return terms;
    }

    /// <summary>The bit number of a term, or -1.</summary>
    public int BitOf(ulong term) => _bits.TryGetValue(term, out var bit) ? bit : -1;

    private void AddWords(string question, bool withFunctionWords)
    {
        var words = question.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var isTitleCase = IsTitleCase(words);
        var language = QuestionLanguage.Of(words.Select(word => Lower(Bare(word))));
        var hashes = new List<ulong>();
        var beginsSentence = true;
        var afterHow = false;
        foreach (var word in words)
        {
            var bare = Bare(word);
            var lower = Lower(bare);
            var isName = IsName(bare, ignoreFirst: beginsSentence || isTitleCase || language is { CapitalizesNouns: true });
            beginsSentence = word[^1] is '.' or '?' or '!' or ':';

            // The word behind "how" ("how long", "how many") says what kind of answer is wanted, not what about.
            var skipped = language is null
                ? CommonWords.IsFunctionWord(lower) || (afterHow && CommonWords.IsMeasureWord(lower))
                : language.IsFunctionWord(lower);
            afterHow = lower is "how";
            if (skipped && !withFunctionWords)
                continue;

            var specificity = isName ? NameWeight : language is null ? CommonWords.SpecificityOf(lower) : 1;
            hashes.Clear();
            TextAnalyzer.English.AnalyzeHashes(bare, hashes);
            foreach (var term in hashes)
                Add(term, specificity, isName);
        }
    }

    private static string Bare(string word) =>
        word.Trim('?', '!', '.', ',', ';', ':', '"', '\'', '(', ')', '[', ']', '{', '}', '<', '>', '*', '\u201C', '\u201D', '\u2018', '\u2019', '\u201E', '\u00AB', '\u00BB', '\u00BF', '\u00A1');

    private static string Lower(string bare)
    {
        var lower = bare.Trim('`').ToLowerInvariant().Replace('\u2019', '\'');
        return lower.EndsWith("'s", StringComparison.Ordinal) ? lower[..^2] : lower;
    }

    /// <summary>Whether even function words have capitals, as in a headline: then capitals do not make names.</summary>
    private static bool IsTitleCase(string[] words)
    {
        for (var i = 1; i < words.Length; i++)
        {
            var bare = Bare(words[i]);
            if (bare.Length > 1 && char.IsUpper(bare[0]) && CommonWords.IsFunctionWord(Lower(bare)))
                return true;
        }

        return false;
    }

    private void Add(ulong term, double specificity, bool isName)
    {
        if (_bits.TryGetValue(term, out var bit))
        {
            _specificity[bit] = Math.Max(_specificity[bit], specificity);
        }
        else
        {
            if (Count == MaxTerms)
                return;
            bit = Count;
            _bits.Add(term, bit);
            _specificity.Add(specificity);
        }

        if (isName)
            Names |= 1UL << bit;
        if (specificity >= 1)
            Specific |= 1UL << bit;
    }

    private static bool IsName(string word, bool ignoreFirst)
    {
        if (word.Length < 2)
            return word.Length == 1 && char.IsAsciiDigit(word[0]);
        if (word[0] == '`' || word.AsSpan().ContainsAny(Identifier))
            return true;
        for (var i = ignoreFirst ? 1 : 0; i < word.Length; i++)
        {
            if (char.IsUpper(word[i]))
                return true;
        }

        return false;
    }
}
