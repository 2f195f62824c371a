using GenAI.Core.Injection;

namespace GenAI.Core.Benchmarks.Injection;

/// <summary>How many attacks a detector finds, and how many harmless texts it takes for one.</summary>
internal static class InjectionScores
{
    public static double Direct(InjectionDetector detector, IEnumerable<Sample> attacks) => Share(attacks, sample => detector.FindDirect(sample.Text).Count > 0);

    /// <summary>Every instruction in some of the documents of its kind, at the start, the middle and the end.</summary>
    public static double Indirect(InjectionDetector detector, IEnumerable<Sample> attacks, IReadOnlyList<Sample> contexts, int contextsEach)
    {
        var cases = new List<string>();
        foreach (var attack in attacks)
        {
            var isCode = attack.Source.StartsWith("code", StringComparison.Ordinal);
            var random = new Random(attack.Third + attack.Text.Length);
            var own = contexts.Where(context => (context.Source == "code") == isCode).ToArray();
            for (var i = 0; i < contextsEach; i++)
                cases.Add(InjectionData.Insert(own[random.Next(own.Length)].Text, attack.Text, i % 3));
        }

        return (double)cases.Count(text => detector.FindIndirect(text).Count > 0) / cases.Count;
    }

    /// <summary>The share of harmless texts that is taken for an attack.</summary>
    public static double FalseAlarms(InjectionDetector detector, IEnumerable<Sample> harmless, bool isDirect) =>
        Share(harmless, sample => (isDirect ? detector.FindDirect(sample.Text) : detector.FindIndirect(sample.Text)).Count > 0);

    private static double Share(IEnumerable<Sample> samples, Func<Sample, bool> holds)
    {
        var all = samples.ToArray();
        return (double)all.Count(holds) / all.Length;
    }
}
