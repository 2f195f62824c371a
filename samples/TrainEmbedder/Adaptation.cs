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
            LearningRate = 0.001,
            WeightDecay = 3,
            ValidationInterval = 50,
            MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount,
        }).TrainAsync(pairs, path, progress: new ProgressPrinter(), cancellationToken: cancellationToken);
    // </snippet:adapt>

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
