namespace GenAI.Core.Answering;

/// <summary>Signs in a sentence that it is of the kind that the question asks for.</summary>
internal static class AnswerCues
{
    private static readonly string[] Definitions = [" is a ", " is an ", " is the ", " are ", " refers to ", " means ", " is used to ", " stands for ", " describes ", " is "];
    private static readonly string[] Reasons = ["because", "due to", "so that", "in order to", "therefore", "caused by", "results from", "reason"];

    /// <summary>What the signs add to a sentence's score.</summary>
    public static double Bonus(CandidateSentence candidate, QuestionTerms question)
    {
        var bonus = 0.0;
        var text = candidate.Text;
        if (question.Cues.HasFlag(QuestionCues.Definition) && IsDefinition(candidate, text))
            bonus += 0.1;
        if (question.Cues.HasFlag(QuestionCues.Number) && text.ContainsAnyInRange('0', '9'))
            bonus += 0.1;
        if (question.Cues.HasFlag(QuestionCues.Reason) && ContainsAny(text, Reasons))
            bonus += 0.08;
        return bonus;
    }

    private static bool IsDefinition(CandidateSentence candidate, ReadOnlySpan<char> text)
    {
        if (candidate.Own == 0)
            return false;

        // The verb stands right behind the thing that is defined.
        var beginning = text[..Math.Min(text.Length, 60)];
        return ContainsAny(beginning, Definitions);
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
