using System.Buffers;
using System.Collections.Frozen;
using GenAI.Core.Indexing;

namespace GenAI.Core.Answering;

/// <summary>What kind of sentence answers a question.</summary>
[Flags]
internal enum QuestionCues
{
    None = 0,

    /// <summary>"What is X": a sentence that begins with X and says what it is.</summary>
    Definition = 1,

    /// <summary>"How many", "when": a sentence with a number.</summary>
    Number = 2,

    /// <summary>"Why": a sentence that gives a reason.</summary>
    Reason = 4,

    /// <summary>"How do I": a step.</summary>
    Procedure = 8,
}

/// <summary>The terms of a question that an answer must have, with how much each says.</summary>
internal sealed class QuestionTerms
{
    /// <summary>Terms are bits of a <see cref="ulong"/>; a question of more different words than this is judged by its first ones.</summary>
    private const int MaxTerms = 64;

    /// <summary>A question is judged by its first characters; longer ones are pasted texts.</summary>
    private const int MaxLength = 4000;

    /// <summary>A word that fits almost any question is weak evidence where it is found and where it is missing.</summary>
    private const double GenericWeight = 0.25;

    /// <summary>A name, number or identifier is what the question is about.</summary>
    private const double NameWeight = 1.5;

    private static readonly FrozenSet<string> FunctionWords = Words(
        "a an and are as at be been being but by can could did do does doing for from had has have having he her him his how i if in into is it its " +
        "itself me my of on or our she should so than that the their them then there these they this those to too us was we were what what's whats when where which " +
        "while who whom whose why will with would you your yours about after all also am any because before between both each either ever every few " +
        "i'm i've isn't don't doesn't can't won't aren't just may might more most much must no nor not now off only other ought out over own " +
        "please same shall some such though through under until up very via whether within without tell explain describe give list name define know show");

    private static readonly FrozenSet<string> GenericWords = Words(
        "use used uses using work works working happen happens happened mean means meaning difference differences different different make makes made making " +
        "get gets getting want wants need needs needed find way ways thing things something anything someone anyone people person best good better " +
        "many long often kind kinds type types example examples possible able possibly available exist exists try do done go goes come " +
        "take takes put let like look see say says help helps information details reason reasons purpose point part parts main important " +
        "common commonly usually actually really currently new old first last next question questions answer answers case cases " +
        "time times year years day days number numbers amount various certain specific general generally support supported supports " +
        "start begin add change set keep allow allows allowed require required requires involve involved include included includes " +
        "contain contains provide provides consider considered related learn understand effect affect affects role cause causes caused problem problems issue issues");

    private static readonly SearchValues<char> Identifier = SearchValues.Create("0123456789_.:/\\@#$%");

    private readonly Dictionary<string, int> _bits = new(StringComparer.Ordinal);
    private readonly List<double> _specificity = [];

    private QuestionTerms(QuestionCues cues) => Cues = cues;

    public QuestionCues Cues { get; }

    public int Count => _specificity.Count;

    /// <summary>The bits of the terms that name what the question is about.</summary>
    public ulong Names { get; private set; }

    /// <summary>How specific each term is: 1 for an ordinary word, less for one that fits any question, more for a name.</summary>
    public IReadOnlyList<double> Specificity => _specificity;

    public static QuestionTerms Of(string question)
    {
        if (question.Length > MaxLength)
            question = question[..MaxLength];
        var terms = new QuestionTerms(CuesOf(question));
        terms.AddWords(question, FunctionWords);

        // A question of nothing but function words, such as "Who are you?", is about these words.
        if (terms.Count == 0)
            terms.AddWords(question, FrozenSet<string>.Empty);
        return terms;
    }

    /// <summary>The bit number of a term, or -1.</summary>
    public int BitOf(string term) => _bits.TryGetValue(term, out var bit) ? bit : -1;

    private static QuestionCues CuesOf(string question)
    {
        var lower = question.ToLowerInvariant();
        var cues = QuestionCues.None;
        if (HasAny(lower, "what is ", "what are ", "what's ", "what does ", "define ", "meaning of", "definition of", "was ist ", "was sind "))
            cues |= QuestionCues.Definition;
        if (HasAny(lower, "how many", "how much", "how long", "how often", "how old", "how large", "how big", "how far", "when ", "what year", "which year", "what date", "what time", "which version", "what version", "what percentage", "how high", "how fast", "wie viel", "wann "))
            cues |= QuestionCues.Number;
        else if (HasAny(lower, "how do ", "how can ", "how to ", "how should ", "how would ", "steps to", "wie kann "))
            cues |= QuestionCues.Procedure;
        if (HasAny(lower, "why ", "reason for", "what causes", "warum "))
            cues |= QuestionCues.Reason;
        return cues;
    }

    private static bool HasAny(string text, params ReadOnlySpan<string> phrases)
    {
        foreach (var phrase in phrases)
        {
            var at = text.IndexOf(phrase, StringComparison.Ordinal);
            if (at == 0 || (at > 0 && !char.IsLetterOrDigit(text[at - 1])))
                return true;
        }

        return false;
    }

    private void AddWords(string question, FrozenSet<string> skipped)
    {
        var isFirst = true;
        foreach (var word in question.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var bare = word.Trim('?', '!', '.', ',', ';', ':', '"', '\'', '(', ')', '[', ']', '{', '}', '<', '>', '*', '\u201C', '\u201D', '\u2018', '\u2019');
            var isName = IsName(bare, isFirst);
            isFirst = word[^1] is '.' or '?' or '!' or ':';
            var lower = bare.Trim('`').ToLowerInvariant().Replace('\u2019', '\'');
            if (lower.EndsWith("'s", StringComparison.Ordinal))
                lower = lower[..^2];
            if (skipped.Contains(lower))
                continue;

            var specificity = isName ? NameWeight : GenericWords.Contains(lower) ? GenericWeight : 1;
            foreach (var term in TextAnalyzer.English.Analyze(bare))
                Add(term, specificity, isName);
        }
    }

    private void Add(string term, double specificity, bool isName)
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
    }

    private static bool IsName(string word, bool isFirst)
    {
        if (word.Length == 0)
            return false;
        if (word[0] == '`' || word.AsSpan().ContainsAny(Identifier))
            return true;
        for (var i = isFirst ? 1 : 0; i < word.Length; i++)
        {
            if (char.IsUpper(word[i]) && (word.Length > 1))
                return true;
        }

        return false;
    }

    private static FrozenSet<string> Words(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
