using GenAI.Core.Onnx;
using GenAI.Core.Onnx.Tests.Graphs;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Benchmarks.Onnx;

/// <summary>How exact vectors are: against the same network in double precision (tests/GenAI.Core.Onnx.Tests), on two layers of 32.</summary>
internal static class AccuracyRows
{
    public static void Run(BenchmarkReport report)
    {
        var weights = new BertWeights(BertShape.Small);
        report.Higher("onnx/accuracy/float/least-cosine", LeastCosine(weights, OnnxType.Float, out var difference), "cosine", 100, floor: 0.99999);
        report.Lower("onnx/accuracy/batch-against-one-by-one", difference, "difference", 100, floor: 1e-5);
        report.Higher("onnx/accuracy/int8/least-cosine", LeastCosine(weights, OnnxType.Byte, out _), "cosine", 100, floor: 0.999);
        report.Higher("onnx/accuracy/half/least-cosine", LeastCosine(weights, OnnxType.Half, out _), "cosine", 100);
    }

    private static double LeastCosine(BertWeights weights, OnnxType precision, out double difference)
    {
        using var folder = ModelFolderWriter.SentenceModel(weights, new BertGraphOptions { Precision = precision });
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        var reference = new BertReference(weights);
        var random = new Random(7);
        string[] words = ["the", "bicycle", "office", "zebra", "contract", "train", "kept", "seven", "year"];
        var texts = Enumerable.Range(0, 100).Select(_ => string.Join(' ', Enumerable.Range(0, random.Next(1, 40)).Select(_ => words[random.Next(words.Length)]))).ToArray();
        var together = generator.GenerateAsync(texts).GetAwaiter().GetResult();

        var least = 1.0;
        difference = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            var rows = reference.Hidden(WordPieceReference.Encode(texts[i], 64));
            least = Math.Min(least, Cosine(together[i].Vector.Span, rows));
            var alone = generator.GenerateVectorAsync(texts[i]).GetAwaiter().GetResult();
            for (var d = 0; d < alone.Length; d++)
                difference = Math.Max(difference, Math.Abs(alone.Span[d] - together[i].Vector.Span[d]));
        }

        return least;
    }

    private static double Cosine(ReadOnlySpan<float> vector, double[][] rows)
    {
        double dot = 0, ours = 0, theirs = 0;
        for (var i = 0; i < vector.Length; i++)
        {
            double mean = 0;
            foreach (var row in rows)
                mean += row[i] / rows.Length;
            dot += vector[i] * mean;
            ours += (double)vector[i] * vector[i];
            theirs += mean * mean;
        }

        return dot / Math.Sqrt(ours * theirs);
    }
}
