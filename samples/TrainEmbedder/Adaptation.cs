using System.Text.Json;
using GenAI.Core;
using GenAI.Core.Ingestion;
using GenAI.Core.Training;

namespace TrainEmbedder;

/// <summary>Adapts a model to a folder of documents and to questions about them.</summary>
internal static class Adaptation
{
    public static async Task<int> MakeAsync(CommandLine commandLine, CancellationToken cancellationToken)
    {
        var result = await AdaptAsync(commandLine.From!, commandLine.Out!, PairsAsync(commandLine, cancellationToken), commandLine.Threads, cancellationToken);
        Console.WriteLine($"{result.Path}: {result.Pairs} pairs, step {result.BestStep}");
        return 0;
    }

    // <snippet:adapt>
    /// <summary>Trains on from a model, with a pull back to it, so that what it knows of everything else stays.</summary>
    public static Task<StaticEmbeddingTrainingResult> AdaptAsync(string from, string path, IAsyncEnumerable<TrainingPair> pairs, int? threads, CancellationToken cancellationToken) =>
        new StaticEmbeddingTrainer(new StaticEmbeddingTrainingOptions
        {
            Name = Path.GetFileNameWithoutExtension(path),
            StartFrom = from,
            Steps = 300,
            BatchSize = 256,
            LearningRate = 0.003,
            WeightDecay = 3,
            ValidationInterval = 50,
            MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount,
        }).TrainAsync(pairs, path, progress: new ProgressPrinter(), cancellationToken: cancellationToken);
    // </snippet:adapt>

    /// <summary>Adapts to 200 questions and the sections of a source of which the model has seen nothing, and says what that does to 200 others of it and to questions of other sources.</summary>
    public static async Task<int> MeasureAsync(CommandLine commandLine, CancellationToken cancellationToken)
    {
        const string Source = "pubmedqa/pubmedqa";
        const int Questions = 200;
        var corpus = Path.Combine(commandLine.Data!, "corpus-docs");
        var split = new Split(Records.ReadSections(corpus), Records.ReadQuestions(corpus));
        var questions = split.Unlike.Where(question => question.Source == Source).ToList();
        var sections = split.All.Where(section => section.Source == Source).ToList();
        var texts = sections.ToDictionary(section => section.Id, section => section.Full, StringComparer.Ordinal);
        var trained = questions.Take(Questions).SelectMany(question => question.Sections.Where(texts.ContainsKey).Select(id => new TrainingPair { Query = question.Text, Passage = texts[id], Source = "questions", Weight = 2 }));
        var pairs = sections.SelectMany(section => TrainingPairs.FromSection($"{section.Title}\n{section.Heading}", section.Text, "documents")).Concat(trained);

        await AdaptAsync(commandLine.Model!, commandLine.Out!, pairs.ToAsyncEnumerable(), commandLine.Threads, cancellationToken);
        var tested = questions.Skip(Questions).Take(Questions).ToList();
        foreach (var model in new[] { commandLine.Model!, commandLine.Out! })
        {
            var recall = Measurements.DenseRecall(model, split.All, tested, split.Validation);
            Console.WriteLine(FormattableString.Invariant($"{model}: recall@10 of the source {recall[0]:0.000}, of other sources {recall[1]:0.000}"));
        }

        return 0;
    }

    /// <summary>Questions count as much as the documents together: they say what people ask.</summary>
    private static async IAsyncEnumerable<TrainingPair> PairsAsync(CommandLine commandLine, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var weight = 0.0;
        if (commandLine.Documents is not null)
        {
            await foreach (var pair in TrainingPairs.FromDocumentsAsync(DocumentsAsync(commandLine.Documents, cancellationToken), source: "documents", cancellationToken: cancellationToken))
            {
                weight += pair.Weight;
                yield return pair;
            }
        }

        if (commandLine.Questions is null)
            yield break;
        var lines = await File.ReadAllLinesAsync(commandLine.Questions, cancellationToken);
        foreach (var line in lines.Where(line => line.Length > 0))
        {
            using var json = JsonDocument.Parse(line);
            yield return new TrainingPair
            {
                Query = json.RootElement.GetProperty("question").GetString()!,
                Passage = json.RootElement.GetProperty("answer").GetString()!,
                Source = "questions",
                Weight = weight > 0 ? weight / lines.Length : 1,
            };
        }
    }

    private static async IAsyncEnumerable<Document> DocumentsAsync(string folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new TextDocumentReader();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".md" or ".txt").Order(StringComparer.Ordinal))
        {
            if (await reader.ReadAsync(new FileInfo(file), Path.GetRelativePath(folder, file), cancellationToken) is { } document)
                yield return document;
        }
    }
}
