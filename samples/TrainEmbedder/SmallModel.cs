using System.Diagnostics;
using System.Globalization;
using GenAI.Core.Training;

namespace TrainEmbedder;

/// <summary>Makes the model that the package GenAI.Core.Models.Small ships.</summary>
internal static class SmallModel
{
    public static async Task<int> MakeAsync(CommandLine commandLine, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var corpus = Path.Combine(commandLine.Data!, "corpus-docs");
        var split = new Split(Records.ReadSections(corpus), Records.ReadQuestions(corpus));
        var evaluation = new EvaluationTexts();
        foreach (var question in split.Test.Concat(split.Validation))
            evaluation.AddQuestion(question.Text);
        foreach (var dataset in new[] { "scifact", "cranfield" })
            evaluation.AddDataset(Path.Combine(commandLine.Data!, dataset));

        var data = new TrainingData(split, evaluation);
        var options = Options(commandLine);
        var result = await new StaticEmbeddingTrainer(options).TrainAsync(data.Pairs(cancellationToken).ToAsyncEnumerable(), commandLine.Out!, data.Validation(), new ProgressPrinter(), cancellationToken);
        var elapsed = clock.Elapsed;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Path}: {result.Tokens} tokens, {result.Pairs} pairs, step {result.BestStep}, {elapsed.TotalMinutes:0.0} minutes"));

        var measurements = Measurements.Measure(result.Path, commandLine.Data!, split).ToList();
        measurements.ForEach(Console.WriteLine);
        if (commandLine.Card is not null)
            await File.WriteAllTextAsync(commandLine.Card, ModelCard.Write(options, result, data, split, elapsed, measurements), cancellationToken);
        return 0;
    }

    private static StaticEmbeddingTrainingOptions Options(CommandLine commandLine) => new()
    {
        Name = "genai-core-small",
        Version = "3",
        Properties = new Dictionary<string, string>
        {
            ["licence"] = "CC-BY-4.0, and the licences of the other sources; see the model card",
            ["card"] = "MODEL_CARD.md of the package GenAI.Core.Models.Small",
        },
        // Fewer words and longer vectors than by default: docs/decisions/0133-longer-vectors.md.
        Dimensions = 384,
        ShorterDimensions = [256, 128, 64],
        Words = 21_000,
        Buckets = 2_300,
        Steps = commandLine.Steps ?? 1000,
        Temperature = 0.04,
        LearningRate = 0.002,
        UnroundedPath = commandLine.Rows,
        CheckpointPath = commandLine.Checkpoint,
        MaxDegreeOfParallelism = commandLine.Threads ?? Environment.ProcessorCount,
    };
}
