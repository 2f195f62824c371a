namespace GenAI.Core.Benchmarks.Retrieval;

/// <summary>
/// Questions of corpus-docs that no model of ours was trained on, and all its sections, among which those that hold the answer are to be found. Which questions: of those whose answer is in
/// a section, the first thousand by id, which is a hash; samples/TrainEmbedder leaves them out of training.
/// </summary>
internal sealed class HeldOutQuestions
{
    public const int Count = 1000;

    private HeldOutQuestions(IReadOnlyList<string> sections, IReadOnlyList<(string Text, HashSet<long> Sections)> questions)
    {
        Sections = sections;
        Questions = questions;
    }

    /// <summary>Title, heading and text of each, in one string. A section's id is its index here.</summary>
    public IReadOnlyList<string> Sections { get; }

    public IReadOnlyList<(string Text, HashSet<long> Sections)> Questions { get; }

    /// <param name="folder">The folder corpus-docs.</param>
    /// <param name="most">How many sections to read beside those with an answer.</param>
    public static HeldOutQuestions Read(string folder, int most = int.MaxValue)
    {
        var questions = CorpusRecords.Questions(folder).Where(question => question.Sections.Count > 0).OrderBy(question => question.Id, StringComparer.Ordinal).Take(Count).ToList();
        var wanted = questions.SelectMany(question => question.Sections).ToHashSet(StringComparer.Ordinal);
        var (sections, places) = (new List<string>(), new Dictionary<string, long>(StringComparer.Ordinal));
        foreach (var section in CorpusRecords.Sections(folder).Where((section, i) => i < most || wanted.Contains(section.Id)))
        {
            places[section.Id] = sections.Count;
            sections.Add(section.Full);
        }

        return new HeldOutQuestions(sections, [.. questions.Select(question => (question.Text, question.Sections.Where(places.ContainsKey).Select(id => places[id]).ToHashSet()))]);
    }

    /// <summary>The share of the questions for which a section with the answer is among the first ten.</summary>
    /// <param name="search">Returns the ids found for a question, best first.</param>
    public double Recall(Func<string, IEnumerable<long>> search) => Questions.Average(question => search(question.Text).Take(10).Any(question.Sections.Contains) ? 1.0 : 0);
}
