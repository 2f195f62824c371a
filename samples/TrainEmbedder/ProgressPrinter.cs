using System.Diagnostics;
using System.Globalization;
using GenAI.Core.Training;

namespace TrainEmbedder;

/// <summary>Prints a line for each validation.</summary>
internal sealed class ProgressPrinter : IProgress<StaticEmbeddingTrainingProgress>
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public void Report(StaticEmbeddingTrainingProgress value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed:hh\\:mm\\:ss}  step {value.Step} of {value.Steps}  loss {value.Loss:0.0000}  validation nDCG@10 {value.ValidationGain:0.0000}"));
}
