namespace GenAI.Core.Verification;

/// <summary>What the checks without a model say of a claim.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Score">0 to 1.</param>
/// <param name="Source">The number of the source that decided; 0 for none.</param>
/// <param name="Evidence">The range of the deciding part in that source's text.</param>
/// <param name="Findings">What failed.</param>
/// <param name="IsOpen">Whether a model may decide otherwise: it is not in the source as it stands, and no check found a fault.</param>
internal sealed record CheckedClaim(ClaimVerdict Verdict, double Score, int Source, TextRange Evidence, IReadOnlyList<Finding> Findings, bool IsOpen);

/// <summary>Runs the checks that need no model, the cheapest first.</summary>
internal sealed class ClaimChecker(ClaimVerifierOptions options)
{
    /// <summary>Evidence whose coverage is so near the best is compared by what fails in it.</summary>
    private const double NearBest = 0.05;

    /// <summary>Below this, evidence is about something else, and cannot contradict.</summary>
    private const double SameMatter = 0.5;

    private static readonly IStatementCheck[] Checks = [new QuantityCheck(), new DateCheck(), new NameCheck(), new PolarityCheck(), new QuantifierCheck()];

    public CheckedClaim Check(CitedSegment cited, IReadOnlyList<ClaimSource> sources)
    {
        var (text, segment) = (cited.Text, cited.Segment);
        if (segment.Kind is not SegmentKind.Statement)
            return NotCheckable;

        TextRange[] markers = [.. segment.Markers.Select(marker => marker.Range)];
        var statement = Statement.Read(text, segment.Range, markers);
        if (markers.Length == 0 && MetaStatements.Is(text, statement))
            return NotCheckable;

        var numbers = cited.Sources.Where(number => number >= 1 && number <= sources.Count).ToArray();
        if (segment.Markers.SelectMany(marker => marker.Each()).FirstOrDefault(number => number < 1 || number > sources.Count, 1) is var wrong && (wrong < 1 || wrong > sources.Count))
            return Failed(ClaimCheck.Citation, segment.Range, $"There is no source {wrong}.");
        if (numbers.Length == 0)
        {
            if (options.RequireCitations || sources.Count == 0)
                return Failed(ClaimCheck.Citation, segment.Range, "It cites no source.");
            numbers = [.. Enumerable.Range(1, sources.Count)];
        }

        var result = CheckAgainst(text, segment, markers, statement, numbers, sources);
        return result.Verdict is ClaimVerdict.Unsupported && numbers.Length < sources.Count ? Misattributed(text, segment, markers, statement, numbers, sources, result) : result;
    }

    private static CheckedClaim NotCheckable { get; } = new(ClaimVerdict.NotCheckable, 0, 0, default, [], IsOpen: false);

    private static CheckedClaim Failed(ClaimCheck check, TextRange range, string reason) =>
        new(ClaimVerdict.Unsupported, 0, 0, default, [new Finding(check, Severity.Missing, range, reason)], IsOpen: false);

    private CheckedClaim CheckAgainst(string text, ClaimSegment segment, TextRange[] markers, Statement statement, int[] numbers, IReadOnlyList<ClaimSource> sources)
    {
        var bare = VerbatimText.Normalize(Without(text, segment.Range, markers));
        foreach (var number in numbers)
        {
            if (VerbatimText.HasWhole(sources[number - 1].Index.Normalized, bare))
                return new CheckedClaim(ClaimVerdict.Supported, 1, number, Verbatim(statement, sources[number - 1].Index), [], IsOpen: false);
        }

        var quotes = new List<Finding>();
        QuoteCheck.Check(text, segment.Range, markers, [.. numbers.Select(number => sources[number - 1])], quotes);

        var matches = numbers.SelectMany(number => EvidenceMatch.Find(statement, sources[number - 1].Index).Select(match => (Number: number, Match: match))).ToList();
        if (matches.Count == 0)
        {
            quotes.Add(new Finding(ClaimCheck.Support, Severity.Missing, segment.Range, "No word of it is in the cited text."));
            return new CheckedClaim(ClaimVerdict.Unsupported, 0, 0, default, quotes, IsOpen: quotes.Count == 1);
        }

        var best = matches.Max(match => match.Match.Coverage);
        CheckedClaim? chosen = null;
        foreach (var (number, match) in matches.Where(match => match.Match.Coverage >= best - NearBest))
        {
            var findings = new List<Finding>(quotes);
            var comparison = new Comparison(text, statement, match);
            foreach (var check in Checks)
                check.Check(comparison, findings);
            var result = Judge(segment, number, match, findings);
            if (chosen is null || result.Score > chosen.Score)
                chosen = result;
        }

        return chosen!;
    }

    private CheckedClaim Judge(ClaimSegment segment, int number, EvidenceMatch match, List<Finding> findings)
    {
        findings.Sort((a, b) => b.Severity.CompareTo(a.Severity));
        var score = match.Coverage * (findings.Count == 0 ? 1 : findings[0].Severity switch { Severity.Detail => 0.7, Severity.Missing => 0.4, _ => 0.15 });
        var worst = findings.Count == 0 ? (Severity?)null : findings[0].Severity;
        var isOpen = worst is null or Severity.Detail;
        var verdict = worst switch
        {
            Severity.Opposite when match.Coverage >= SameMatter => ClaimVerdict.Contradicted,
            Severity.Opposite or Severity.Missing => ClaimVerdict.Unsupported,
            _ when match.Coverage < options.MinPartialSupport => ClaimVerdict.Unsupported,
            Severity.Detail => ClaimVerdict.Partly,
            _ => match.Coverage < options.MinSupport ? ClaimVerdict.Partly : ClaimVerdict.Supported,
        };
        if (match.Coverage < options.MinSupport)
            findings.Add(new Finding(ClaimCheck.Support, Severity.Missing, segment.Range, "Too few of its words stand together in the cited text."));
        return new CheckedClaim(verdict, score, number, match.Range, findings, isOpen);
    }

    /// <summary>Says so where another source says what the cited one does not.</summary>
    private CheckedClaim Misattributed(string text, ClaimSegment segment, TextRange[] markers, Statement statement, int[] numbers, IReadOnlyList<ClaimSource> sources, CheckedClaim result)
    {
        int[] others = [.. Enumerable.Range(1, sources.Count).Except(numbers)];
        if (CheckAgainst(text, segment, markers, statement, others, sources) is not { Verdict: ClaimVerdict.Supported } other)
            return result;
        var finding = new Finding(ClaimCheck.Citation, Severity.Missing, segment.Range, $"Source {other.Source} says it, and is not cited.");
        return result with { Source = other.Source, Evidence = other.Evidence, Findings = [finding, .. result.Findings], IsOpen = false };
    }

    private static TextRange Verbatim(Statement statement, EvidenceIndex index)
    {
        var matches = EvidenceMatch.Find(statement, index);
        return matches.Count > 0 ? matches[0].Range : index.Statements[0].Range;
    }

    /// <summary>The characters of a range without those of the markers in it.</summary>
    internal static string Without(string text, TextRange range, IReadOnlyList<TextRange> markers)
    {
        if (markers.Count == 0)
            return range.Of(text);
        var result = new System.Text.StringBuilder(range.Length);
        var at = range.Start;
        foreach (var marker in markers)
        {
            result.Append(text.AsSpan(at, marker.Start - at).TrimEnd());
            at = marker.End;
        }

        return result.Append(text, at, range.End - at).ToString();
    }
}
