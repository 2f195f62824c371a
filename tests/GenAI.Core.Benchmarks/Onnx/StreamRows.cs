using System.Diagnostics;
using System.Globalization;
using GenAI.Core.Onnx;
using GenAI.Core.Onnx.Tests.Graphs;

namespace GenAI.Core.Benchmarks.Onnx;

/// <summary>A million short texts from a stream, in a process of its own: how far its memory grows beyond what it has when the model is loaded.</summary>
/// <remarks>Two layers of 32, so that it ends today: the memory of texts on their way does not depend on the network. A part of it is run with the large network too, for its scratch memory.</remarks>
internal static class StreamRows
{
    public const string ChildArgument = "onnx-child";

    public static void Run(BenchmarkReport report)
    {
        if (!report.Wants("onnx/stream/"))
            return;
        var (texts, largeTexts) = report.Quick ? (20_000, 500) : (1_000_000, 5000);
        report.Lower("onnx/stream/million-short-texts/memory-beyond-the-model", Child("small", texts, out var seconds), "MB", 1, floor: 500);
        report.Higher("onnx/stream/million-short-texts/speed", texts / seconds, "texts/s", 1);
        report.Lower("onnx/stream/six-layers/memory-beyond-the-model", Child("large", largeTexts, out _), "MB", 1, floor: 500);
    }

    /// <summary>What the child process does.</summary>
    public static async Task<int> RunChildAsync(string size, int count)
    {
        using var model = new BenchmarkModel(size == "small" ? BertShape.Small : BertShape.MiniLm);
        var random = new Random(37);
        var texts = Enumerable.Range(0, 5000).Select(_ => model.Text(random.Next(5, 17), random)).ToArray();
        using var generator = new OnnxEmbeddingGenerator(model.Path);
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        var before = self.WorkingSet64;
        var most = before;

        var watch = Stopwatch.StartNew();
        var taken = 0;
        await foreach (var embedding in generator.GenerateStreamingAsync(Source(texts, count)))
        {
            if (++taken % 1000 != 0)
                continue;
            self.Refresh();
            most = Math.Max(most, self.WorkingSet64);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(most - before) / 1e6} {watch.Elapsed.TotalSeconds} {taken}"));
        return taken == count ? 0 : 1;
    }

    private static async IAsyncEnumerable<string> Source(string[] texts, int count)
    {
        await Task.Yield();
        for (var i = 0; i < count; i++)
            yield return texts[i % texts.Length];
    }

    private static double Child(string size, int count, out double seconds)
    {
        string[] arguments = [ChildArgument, size, count.ToString(CultureInfo.InvariantCulture)];
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            arguments = [typeof(StreamRows).Assembly.Location, .. arguments];
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true })!;
        var output = child.StandardOutput.ReadToEnd().Split(' ');
        child.WaitForExit();
        if (child.ExitCode != 0)
            throw new InvalidOperationException($"The process ended with {child.ExitCode}.");
        seconds = double.Parse(output[1], CultureInfo.InvariantCulture);
        return double.Parse(output[0], CultureInfo.InvariantCulture);
    }
}
