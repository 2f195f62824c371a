using GenAI.Core.Training;

namespace TrainEmbedder;

/// <summary>The pairs of the model in the box.</summary>
internal sealed class TrainingData(Split split, EvaluationTexts evaluation)
{
    // A source of n sections counts like n^0.7: the largest has a quarter of all sections, and would have half of the say.
    private const double SourcePower = 0.7;

    // Questions are what people ask, so they count more than their number: this share of all pairs drawn.
    private const double QuestionShare = 0.25;

    /// <summary>How many sections and questions were left out because they hold a text that the model is measured with.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Sections and questions that are trained on, by source.</summary>
    public SortedDictionary<string, int> Used { get; } = new(StringComparer.Ordinal);

    /// <summary>All pairs.</summary>
    public IEnumerable<TrainingPair> Pairs(CancellationToken cancellationToken)
    {
        // Whether a text may be trained on takes the longest to tell, and each can be told alone.
        var isLeftOut = split.Sections.AsParallel().AsOrdered().WithCancellation(cancellationToken).Select(section => evaluation.IsIn(section.Full)).ToArray();
        var sizes = split.Sections.GroupBy(section => section.Source).ToDictionary(source => source.Key, source => (double)source.Count());
        var total = 0.0;
        for (var i = 0; i < split.Sections.Count; i++)
        {
            var section = split.Sections[i];
            if (isLeftOut[i])
            {
                LeftOut++;
                continue;
            }

            Use(section.Source);
            foreach (var pair in TrainingPairs.FromSection($"{section.Title}\n{section.Heading}", section.Text, section.Source, Math.Pow(sizes[section.Source], SourcePower - 1)))
            {
                total += pair.Weight;
                yield return pair;
            }
        }

        var texts = split.Sections.ToDictionary(section => section.Id, section => section.Text, StringComparer.Ordinal);
        var weight = total * QuestionShare / split.Train.Count / 2;
        foreach (var question in split.Train)
        {
            if (evaluation.IsIn(question.Text) || evaluation.IsIn(question.Answer))
            {
                LeftOut++;
                continue;
            }

            Use(question.Source);
            if (!string.IsNullOrWhiteSpace(question.Answer))
                yield return new TrainingPair { Query = question.Text, Passage = question.Answer, Source = $"questions of {question.Source}", Weight = weight };
            foreach (var id in question.Sections.Where(texts.ContainsKey).Take(2))
                yield return new TrainingPair { Query = question.Text, Passage = texts[id], Source = $"questions of {question.Source}", Weight = weight / Math.Min(2, question.Sections.Count) };
        }
    }

    /// <summary>What is validated with: half questions of known sources, half of unknown ones.</summary>
    public IEnumerable<TrainingPair> Validation()
    {
        var texts = split.All.ToDictionary(section => section.Id, section => section.Full, StringComparer.Ordinal);
        foreach (var question in split.Validation.Concat(split.Unlike))
        {
            foreach (var id in question.Sections.Where(texts.ContainsKey))
                yield return new TrainingPair { Query = question.Text, Passage = texts[id], Source = question.Source };
        }
    }

    private void Use(string source) => Used[source] = Used.GetValueOrDefault(source) + 1;
}
