using GenAI.Core.Injection;

namespace GenAI.Core.Benchmarks.Injection;

/// <summary>The command <c>train-injection FILE [--check]</c>: makes the embedded resource; with <c>--check</c> it also trains without one source or category at a time and says what of it is found.</summary>
internal static class InjectionTraining
{
    public const string Command = "train-injection";

    public static int Run(string file, bool check)
    {
        if (InjectionData.Load(quick: false) is not { } data)
        {
            Console.Error.WriteLine("Needs the folders attacks and corpus-docs of the data.");
            return 2;
        }

        if (check)
            Check(data);
        var model = InjectionTrainer.Train(data, sample => sample.IsTrained);
        File.WriteAllBytes(file, model.ToBytes());
        Say("all", model, data, data.Direct.Where(sample => !sample.IsTrained), data.Indirect.Where(sample => !sample.IsTrained));
        return 0;
    }

    private static void Check(InjectionData data)
    {
        foreach (var source in data.Direct.Select(sample => sample.Source).Distinct().Where(source => data.Direct.Count(sample => sample.Source == source) > 20))
        {
            var model = InjectionTrainer.Train(data, sample => sample.IsTrained && sample.Source != source);
            Say($"without {source}", model, data, data.Direct.Where(sample => sample.Source == source), data.Indirect.Where(sample => !sample.IsTrained));
        }

        var categories = data.Indirect.Select(sample => sample.Source).Distinct().ToArray();
        for (var fold = 0; fold < 3; fold++)
        {
            var left = categories.Where((_, i) => i % 3 == fold).ToHashSet();
            var model = InjectionTrainer.Train(data, sample => sample.IsTrained && !left.Contains(sample.Source));
            Say($"without categories {fold}", model, data, data.Direct.Where(sample => !sample.IsTrained), data.Indirect.Where(sample => left.Contains(sample.Source)));
        }
    }

    private static void Say(string name, InjectionModel model, InjectionData data, IEnumerable<Sample> direct, IEnumerable<Sample> indirect)
    {
        var detector = new InjectionDetector(model, 0, 0, 1);
        var contexts = data.Contexts.Where(sample => !sample.IsTrained).ToArray();
        Console.WriteLine(FormattableString.Invariant($"{name}: direct {InjectionScores.Direct(detector, direct):0.000}, indirect {InjectionScores.Indirect(detector, indirect, contexts, 6):0.000}"));
        foreach (var group in direct.GroupBy(sample => sample.Source))
            Console.WriteLine(FormattableString.Invariant($"    {group.Key}: {InjectionScores.Direct(detector, group):0.000} of {group.Count()}"));
        foreach (var group in indirect.GroupBy(sample => sample.Source))
            Console.WriteLine(FormattableString.Invariant($"    {group.Key}: {InjectionScores.Indirect(detector, group, contexts, 6):0.00} of {group.Count()}"));
        foreach (var (kind, samples) in (ReadOnlySpan<(string, IReadOnlyList<Sample>)>)[("prompts", data.Prompts), ("questions", data.Questions), ("sections", data.Sections.Where((_, i) => i % 7 == 1).ToList()), ("contexts", data.Contexts)])
        {
            var unseen = samples.Where(sample => !sample.IsTrained).ToArray();
            Console.WriteLine(FormattableString.Invariant($"    false alarms on {unseen.Length} {kind}: as prompts {InjectionScores.FalseAlarms(detector, unseen, true):0.0000}, as documents {InjectionScores.FalseAlarms(detector, unseen, false):0.0000}"));
        }

        if (Environment.GetEnvironmentVariable("SHOW") is not null)
        {
            foreach (var missed in direct.Where(sample => detector.FindDirect(sample.Text).Count == 0))
                Console.WriteLine($"    missed: {missed.Text.ReplaceLineEndings(" ")[..Math.Min(200, missed.Text.Length)]}");
            foreach (var wrong in data.Prompts.Concat(data.Questions).Where(sample => !sample.IsTrained && detector.FindDirect(sample.Text).Count > 0))
                Console.WriteLine($"    wrong: {wrong.Text}");
            foreach (var wrong in data.Sections.Where((_, i) => i % 7 == 1).Concat(data.Contexts).Where(sample => !sample.IsTrained))
            {
                foreach (var finding in detector.FindDirect(wrong.Text))
                    Console.WriteLine($"    wrong as prompt: {wrong.Source} {finding.Rule} {finding.Range.Of(wrong.Text).ReplaceLineEndings(" ")[..Math.Min(200, finding.Range.Length)]}");
                foreach (var finding in detector.FindIndirect(wrong.Text))
                    Console.WriteLine($"    wrong: {wrong.Source} {finding.Rule} {finding.Range.Of(wrong.Text).ReplaceLineEndings(" ")}");
            }
        }
    }
}
