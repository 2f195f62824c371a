using GenAI.Core.Training;

namespace GenAI.Core.Benchmarks.Retrieval;

/// <summary>What an adaptation is measured with: a source of corpus-docs of which the model in the box has seen nothing, its questions in two halves, and questions of sources that the model knows.</summary>
internal sealed class AdaptationData
{
    private const string Source = "pubmedqa/pubmedqa";
    private const int Half = 200, OtherQuestions = 500;

    private AdaptationData(IReadOnlyList<string> sections, IReadOnlyList<TrainingPair> pairs, IReadOnlyList<Question> own, IReadOnlyList<Question> rest, IReadOnlyList<Question> others) =>
        (Sections, Pairs, Own, Remaining, Others) = (sections, pairs, own, rest, others);

    /// <summary>What is searched: all sections.</summary>
    public IReadOnlyList<string> Sections { get; }

    /// <summary>What is trained on: 200 questions with their sections, and the sections of the source by themselves.</summary>
    public IReadOnlyList<TrainingPair> Pairs { get; }

    /// <summary>200 other questions of the source.</summary>
    public IReadOnlyList<Question> Own { get; }

    /// <summary>The source's questions after those: what the settings of the adaptation were chosen with.</summary>
    public IReadOnlyList<Question> Remaining { get; }

    /// <summary>Questions of other sources.</summary>
    public IReadOnlyList<Question> Others { get; }

    /// <summary>Reads the folder corpus-docs. The questions are neither trained on nor among the <see cref="HeldOutQuestions"/>: those that come after them by their ids.</summary>
    public static AdaptationData Read(string folder)
    {
        var (sections, places, pairs) = (new List<string>(), new Dictionary<string, int>(StringComparer.Ordinal), new List<TrainingPair>());
        foreach (var section in CorpusRecords.Sections(folder))
        {
            places[section.Id] = sections.Count;
            sections.Add(section.Full);
            if (section.Source == Source)
                pairs.AddRange(TrainingPairs.FromSection($"{section.Title}\n{section.Heading}", section.Text, "documents"));
        }

        var questions = CorpusRecords.Questions(folder).Where(question => question.Sections.Count > 0).OrderBy(question => question.Id, StringComparer.Ordinal).Skip(HeldOutQuestions.Count).ToList();
        var own = questions.Where(question => question.Source == Source).ToList();
        foreach (var question in own.Take(Half))
            pairs.AddRange(question.Sections.Where(places.ContainsKey).Select(id => new TrainingPair { Query = question.Text, Passage = sections[places[id]], Source = "questions", Weight = 2 }));
        bool IsTrainedOn(CorpusQuestion question) => question.Source != Source && !question.Source.StartsWith("openstax/", StringComparison.Ordinal);
        Question Placed(CorpusQuestion question) => new(question.Text, question.Sections.Where(places.ContainsKey).Select(id => (long)places[id]).ToHashSet());
        return new AdaptationData(sections, pairs, [.. own.Skip(Half).Take(Half).Select(Placed)], [.. own.Skip(2 * Half).Select(Placed)], [.. questions.Where(IsTrainedOn).Take(OtherQuestions).Select(Placed)]);
    }

    /// <summary>The share of questions for which a right section is among the first ten.</summary>
    public static double Recall(IReadOnlyList<Question> questions, Func<string, IEnumerable<long>> search) =>
        questions.Average(question => search(question.Text).Take(10).Any(question.Sections.Contains) ? 1.0 : 0);

    /// <summary>A question and the places of the sections that answer it.</summary>
    internal sealed record Question(string Text, IReadOnlySet<long> Sections);
}
