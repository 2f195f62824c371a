using System.Collections.Frozen;
using GenAI.Core.Text;

namespace GenAI.Core.Verification;

/// <summary>Words that a paraphrase exchanges without changing what is said.</summary>
internal static class SynonymTable
{
    // A word stands in one row only: the first that has it. Opposites never share one.
    private static readonly string[] Rows =
    [
        "use utilize utilise employ usage leverage apply", "show display demonstrate illustrate reveal exhibit present indicate depict", "start begin commence initiate launch", "end finish conclude terminate stop halt cease",
        "make create build construct produce generate form", "help assist aid support", "get obtain acquire retrieve fetch receive gain", "give provide supply offer deliver grant", "need require necessitate demand must",
        "change modify alter adjust edit amend", "remove delete erase eliminate", "add append insert include", "choose select pick", "big large huge great sizable substantial considerable", "small little tiny minor",
        "important significant crucial essential vital key critical major", "allow permit enable let", "try attempt", "keep retain maintain preserve", "find locate discover identify detect", "quick fast rapid swift speedy quickly rapidly swiftly fast",
        "buy purchase", "sell vend", "check verify validate confirm inspect examine review", "explain describe clarify", "begin start", "increase rise grow raise elevate boost enhance", "decrease reduce lower decline diminish lessen drop cut",
        "improve enhance better", "difficult hard challenging tough", "easy simple straightforward effortless", "many numerous multiple several various", "also additionally furthermore moreover likewise too", "however nevertheless nonetheless but yet though although",
        "because since as", "therefore thus hence consequently so", "about approximately roughly around nearly almost", "method approach technique procedure way", "person individual", "people persons individuals folks", "company firm business enterprise organization organisation corporation",
        "problem issue trouble difficulty", "error mistake fault", "result outcome consequence effect", "cause trigger induce lead", "ensure guarantee assure", "happen occur", "contain include comprise hold", "specify define determine state", "set configure",
        "run execute perform conduct carry", "send transmit dispatch", "receive accept", "store save keep", "write compose author", "read peruse", "open launch", "close shut", "correct right accurate proper", "incorrect wrong erroneous", "complete finish entire whole full total",
        "part portion section component piece", "kind type sort category", "goal aim objective purpose target", "idea concept notion", "job task work duty", "place location position spot site", "time moment period", "way manner fashion", "example instance sample illustration",
        "information data detail details", "picture image photo", "begin commence", "buyer customer client purchaser", "seller vendor supplier", "car automobile vehicle", "doctor physician clinician", "illness disease disorder sickness", "drug medication medicine", "child kid", "death mortality",
        "study research investigation trial", "test assay", "investigate examine explore analyze analyse study", "suggest propose imply recommend advise", "believe think consider regard", "see view observe notice", "look appear seem", "tell inform notify", "ask request inquire", "answer reply respond response",
        "connect link join attach", "separate split divide", "combine merge unite", "compare contrast", "copy duplicate replicate", "move transfer shift relocate", "fix repair resolve solve correct", "stop prevent avoid", "protect safeguard secure", "update refresh renew", "return give", "different distinct dissimilar",
        "same identical equal equivalent", "new novel recent", "old former previous prior", "good fine", "main primary principal chief", "often frequently commonly", "usually generally typically normally ordinarily", "rarely seldom", "quickly rapidly", "automatically", "currently presently now",
        "later afterwards subsequently", "finally lastly eventually", "first initially", "before prior", "after following", "during throughout", "within inside", "via through", "above over", "below under beneath", "enough sufficient adequate", "extra additional further more", "necessary required essential",
        "possible feasible", "specific particular certain", "like similar", "such", "automatic automated", "manual", "available accessible", "appropriate suitable", "useful helpful beneficial handy", "clear obvious evident", "common frequent widespread", "rare uncommon infrequent", "strong robust powerful", "weak feeble",
        "rely depend", "consist comprise", "mean signify denote", "call name term", "own possess have", "want wish desire", "like enjoy prefer", "learn discover", "teach instruct", "understand comprehend grasp", "know", "link associate relate correlate", "association relationship correlation connection link", "bind attach",
        "block inhibit suppress", "promote encourage foster", "affect influence impact", "participate engage", "contribute", "manage handle administer", "control regulate govern", "develop evolve", "expand extend enlarge", "shrink contract", "limit restrict constrain", "limit limitation restriction constraint", "permission authorization authorisation consent",
        "assign allocate", "gather collect accumulate", "show reveal", "hide conceal", "convert transform translate turn", "replace substitute swap", "reset restore", "cancel abort", "submit post", "release publish issue", "hand pass", "measure gauge quantify", "calculate compute", "estimate assess evaluate appraise", "count tally number",
        "amount quantity volume", "size magnitude dimension", "speed velocity rate", "cost price expense charge fee", "money cash funds", "pay remit", "bill invoice", "worker employee staff", "boss manager supervisor", "team group", "meeting session", "country nation", "town city", "house home residence", "road street",
        "whole entire", "everything all", "each every", "anyone anybody", "someone somebody", "ability capability capacity", "advantage benefit merit", "disadvantage drawback downside", "feature characteristic trait attribute property", "function role", "rule regulation", "law legislation", "rise upsurge", "risk danger hazard", "safe secure",
        "children kids", "older elderly aged", "young youthful", "sick ill unwell", "healthy well", "tumor tumour neoplasm cancer", "kidney renal", "liver hepatic", "heart cardiac", "lung pulmonary", "brain cerebral", "level degree extent", "rate frequency", "reason cause motive", "step stage phase", "kept stored",
    ];

    private static readonly FrozenDictionary<ulong, ulong> Meanings = All().ToFrozenDictionary();

    /// <summary>What stands for a word and its synonyms, by the hash of the word's stem: that hash where it has none.</summary>
    public static ulong MeaningOf(ulong stem) => Meanings.GetValueOrDefault(stem, stem);

    /// <summary>The hash of the stem of a word in lower case.</summary>
    public static ulong StemOf(string word)
    {
        Span<char> letters = word.ToCharArray();
        return TermHash.Of(letters[..EnglishStemmer.Stem(letters)]);
    }

    private static Dictionary<ulong, ulong> All()
    {
        var meanings = new Dictionary<ulong, ulong>();
        foreach (var row in Rows)
        {
            var words = row.Split(' ');
            var first = StemOf(words[0]);
            foreach (var word in words)
                meanings.TryAdd(StemOf(word), meanings.GetValueOrDefault(first, first));
        }

        return meanings;
    }
}
