using System.Globalization;
using GenAI.Core.Training;

namespace TrainEmbedder;

/// <summary>Says what a model is made of, how, and how good it is.</summary>
internal static class ModelCard
{
    public static string Write(StaticEmbeddingTrainingOptions options, StaticEmbeddingTrainingResult result, TrainingData data, Split split, TimeSpan elapsed, IEnumerable<string> measurements)
    {
        var licences = split.Sections.GroupBy(section => section.Source).ToDictionary(source => source.Key, source => string.Join(", ", source.Select(section => section.Licence).Distinct()), StringComparer.Ordinal);
        var first = result.Curve[0];
        var best = result.Curve.Last(point => point.Step == result.BestStep);
        var lines = new List<string>
        {
            $"# {options.Name} {options.Version}",
            "",
            "A static token-embedding model: the vector of a text is the weighted sum of the vectors of its tokens, at unit length. Trained from chance, on openly licensed text only, by",
            "",
            "    dotnet run -c Release --project samples/TrainEmbedder -- small --data DATA --out genai-core-small.staticmodel --card MODEL_CARD.md",
            "",
            $"in {elapsed.TotalMinutes:0} minutes on {options.MaxDegreeOfParallelism} threads. The same command with the same data makes the same file to the byte, on processors of the same kind, with any number of threads.",
            "",
            "## Facts",
            "",
            $"- {result.Tokens} tokens (stems of words, pieces of unknown words, buckets for unknown words), vectors of {options.Dimensions} components, turned onto their principal axes, so that they can be cut to {string.Join(" or ", options.ShorterDimensions)}; 8 bits a component.",
            $"- {result.Pairs} pairs: headings with their section, sentences with the rest of their section, halves of a section, questions with answers and with the sections that answer them.",
            $"- Loss: InfoNCE in both directions, batches of {options.BatchSize}, temperature {options.Temperature}; {options.SameSourceShare:0%} of the batches from two sources. Adam, rate {options.LearningRate}, falling linearly; {options.Steps} steps at most; seed {options.Seed}.",
            "",
            "## Validation",
            "",
            "nDCG@10 of questions that were not trained on, of sources that were and of sources that were not. The model was chosen by this figure, and by no other.",
            "",
            "| step | loss | nDCG@10 |",
            "|---|---|---|",
        };
        lines.AddRange(result.Curve.Select(point => string.Create(CultureInfo.InvariantCulture, $"| {point.Step} | {(double.IsNaN(point.Loss) ? "" : point.Loss.ToString("0.0000", CultureInfo.InvariantCulture))} | {point.ValidationGain:0.0000} |")));
        lines.AddRange(
        [
            "",
            string.Create(CultureInfo.InvariantCulture, $"Written: step {result.BestStep}, {best.ValidationGain:0.0000} (before training {first.ValidationGain:0.0000}); with vectors of 8 bits, as they are in the file, {result.WrittenGain:0.0000}."),
            "",
            "## Measured",
            "",
            "Test sets, which chose neither the model nor its settings; the figures of earlier trials were looked at too. Hybrid: BM25 plus the square of the cosine times the number in the column's name. A knowledge base takes 15, and another 15 for the best sentence, which these columns are without.",
            "",
            .. measurements,
            "",
            "## Data",
            "",
            "Markup removed, pages cut into sections. Attribution and licences; CC BY 4.0 is https://creativecommons.org/licenses/by/4.0/:",
            "",
            "| source (github.com) | licence | sections and questions |",
            "|---|---|---|",
            .. data.Used.Select(source => string.Create(CultureInfo.InvariantCulture, $"| {source.Key} | {licences.GetValueOrDefault(source.Key, "")} | {source.Value} |")),
            "",
            "Left out: all records of openstax/* (licence changed after the commit used) and pubmedqa/pubmedqa (rights in the abstracts), which the data's licence notes mark as doubtful. The latter's questions were validated with, not trained on.",
            $"Checked: no section or question that was trained on holds a query of SciFact or Cranfield, thirteen words in a row of one of their texts, or a held-out question of four words or more; {data.LeftOut} that did were left out.",
            "",
            "## Limits",
            "",
            "- English first. German, and what else of Europe was in the data, is understood by the words that were met; other languages by the words that two texts share.",
            "- Word order and negation are lost: \"dog bites man\" and \"man bites dog\" have one vector.",
            "- The data is documentation of software, German and English law and rules, medicine for lay readers, cooking and countries. Of other fields it knows general words, and tells unknown ones apart without knowing what they mean.",
            "- Long texts of many topics become the mean of them: cut them into sections first.",
            "- What the texts say wrongly or unfairly is in the vectors too.",
            "",
        ]);
        return string.Join('\n', lines);
    }
}
