namespace GenAI.Core.Answering;

/// <summary>What kind of sentence answers a question.</summary>
[Flags]
internal enum QuestionCues
{
    None = 0,

    /// <summary>"What is X": a sentence that says what it is.</summary>
    Definition = 1,

    /// <summary>"How many", "when": a sentence with a number.</summary>
    Number = 2,

    /// <summary>"Why": a sentence that gives a reason.</summary>
    Reason = 4,

    /// <summary>"How do I": a step.</summary>
    Procedure = 8,

    /// <summary>"Which command", "show the query": code.</summary>
    Code = 16,
}

/// <summary>Signs in a question, and in a sentence that answers that kind of question.</summary>
internal static class AnswerCues
{
    /// <summary>A definition names its subject and the verb within so many characters.</summary>
    private const int DefinitionLength = 80;

    private static readonly string[] DefinitionQuestions = ["what is", "what are", "what's", "what does", "what do you mean", "define", "meaning of", "definition of", "was ist", "was sind"];
    private static readonly string[] NumberQuestions =
    [
        "how many", "how much", "how long", "how often", "how old", "how large", "how big", "how far", "how high", "how fast", "how tall", "when", "what year", "which year", "what date", "what time",
        "which version", "what version", "what percentage", "what temperature", "what size", "maximum", "minimum", "duration", "deadline", "price", "cost", "costs", "temperature", "percentage", "age", "wie viel", "wie viele", "wann",
    ];

    private static readonly string[] ProcedureQuestions = ["how do", "how can", "how to", "how should", "how would", "steps to", "wie kann"];
    private static readonly string[] CodeQuestions =
        ["command", "commands", "code", "syntax", "sql", "snippet", "script", "statement", "query", "expression", "signature", "declaration", "cmdlet", "befehl"];

    private static readonly string[] ReasonQuestions = ["why", "reason for", "what causes", "warum"];

    private static readonly string[] NumberWords =
    [
        " one ", " two ", " three ", " four ", " five ", " six ", " seven ", " eight ", " nine ", " ten ", " eleven ", " twelve ", " twenty ", " thirty ", " forty ", " fifty ", " sixty ", " ninety ", " hundred", " thousand", " million",
        " half ", " once ", " twice ", " daily", " weekly", " monthly", " yearly", " every ", " never", " always", " after ", " before ", " until ", " while ", " when ",
    ];

    private static readonly string[] Definitions = [" is ", " are ", " was ", " were ", " refers to ", " means ", " stands for ", " describes ", " represents ", " consists of ", ": ", " ist ", " sind "];
    private static readonly string[] Reasons = ["because", "due to", "so that", "in order to", "therefore", "caused by", "results from", "reason", " to avoid ", " since ", "weil ", "damit "];

    private static readonly string[] Steps =
        ["you can ", "you must ", "you need to ", "you'll need", "follow these steps", "following steps", "by using ", "by adding ", "by calling ", "by running ", "by setting ", "use the ", "choose ", "select ", "click ", "run the ", "open the ", "press ", "enter the ", "install ", "let's "];

    public static QuestionCues Of(string question)
    {
        var cues = QuestionCues.None;
        if (HasAny(question, DefinitionQuestions))
            cues |= QuestionCues.Definition;
        if (HasAny(question, NumberQuestions))
            cues |= QuestionCues.Number;
        else if (HasAny(question, ProcedureQuestions))
            cues |= QuestionCues.Procedure;
        if (HasAny(question, ReasonQuestions))
            cues |= QuestionCues.Reason;
        if (HasAny(question, CodeQuestions))
            cues |= QuestionCues.Code;
        return cues;
    }

    /// <summary>The sentence up to the verb that a definition has; empty if it has none.</summary>
    public static ReadOnlySpan<char> SubjectOf(ReadOnlySpan<char> sentence)
    {
        var start = sentence[..Math.Min(sentence.Length, DefinitionLength)];
        var end = -1;
        foreach (var verb in Definitions)
        {
            var at = start.IndexOf(verb, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && (end < 0 || at < end))
                end = at;
        }

        return end < 0 ? default : start[..end];
    }

    /// <summary>Whether the sentence says what to do.</summary>
    public static bool GivesStep(ReadOnlySpan<char> sentence) => sentence.StartsWith("To ", StringComparison.Ordinal) || sentence[^1] == ':' || ContainsAny(sentence, Steps);

    public static bool HasNumber(ReadOnlySpan<char> sentence) => sentence.ContainsAnyInRange('0', '9') || ContainsAny(sentence, NumberWords);

    public static bool GivesReason(ReadOnlySpan<char> sentence) => ContainsAny(sentence, Reasons);

    private static bool HasAny(string text, string[] phrases)
    {
        foreach (var phrase in phrases)
        {
            var at = text.IndexOf(phrase, StringComparison.OrdinalIgnoreCase);
            var end = at + phrase.Length;
            if (at >= 0 && (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
                return true;
        }

        return false;
    }

    private static bool ContainsAny(ReadOnlySpan<char> text, string[] phrases)
    {
        foreach (var phrase in phrases)
        {
            if (text.Contains(phrase, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
