using System.Globalization;

namespace GenAI.Core.Policies;

/// <summary>Reads what a judge said of principles, a line for each.</summary>
internal static class PrincipleLines
{
    /// <summary>The finding of each principle, in their order. A principle without exactly one verdict is unscorable.</summary>
    public static IReadOnlyList<PrincipleFinding> Read(string? said, IReadOnlyList<Principle> principles)
    {
        var findings = new PrincipleFinding?[principles.Count];
        var contradicted = new HashSet<int>();
        foreach (var line in (said ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Trim('*', '-', ' ').Split(':', 3, StringSplitOptions.TrimEntries);
            if (parts.Length < 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > principles.Count)
                continue;
            PrincipleVerdict? verdict = parts[1].Trim('*').ToUpperInvariant() switch
            {
                "KEPT" => PrincipleVerdict.Kept,
                "VIOLATED" => PrincipleVerdict.Violated,
                _ => null,
            };
            if (verdict is not { } known)
                continue;
            if (findings[number - 1] is { } other && other.Verdict != known)
                contradicted.Add(number - 1);
            findings[number - 1] = new PrincipleFinding(principles[number - 1], known, parts.Length > 2 ? parts[2] : "");
        }

        return [.. principles.Select((principle, i) => findings[i] is { } found && !contradicted.Contains(i)
            ? found
            : new PrincipleFinding(principle, PrincipleVerdict.Unscorable, said is null ? "The judge did not answer in time, or failed." : "The judge gave no verdict, or two."))];
    }
}
