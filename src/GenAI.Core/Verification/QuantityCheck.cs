namespace GenAI.Core.Verification;

/// <summary>Every number of the claim, with its unit, is in the evidence or follows from one there by another format or unit.</summary>
internal sealed class QuantityCheck : IStatementCheck
{
    /// <summary>A converted number may be rounded as far as the claim writes it, if that is no more than this share.</summary>
    private const double MaxRounding = 0.05;

    public void Check(Comparison comparison, List<Finding> findings)
    {
        var evidence = comparison.Evidence.Statements.SelectMany(statement => statement.Quantities).ToArray();
        foreach (var claimed in comparison.Claim.Quantities)
        {
            if (claimed.IsWeak && claimed.Unit.IsNone)
                continue;
            if (Array.Exists(evidence, known => Supports(comparison, claimed, known)))
            {
                CheckBound(comparison, claimed, evidence, findings);
                continue;
            }

            if (IsPartOfDate(claimed, comparison.Evidence) || (claimed.Unit.IsNone && IsWord(comparison.Evidence, comparison.Claim.Words[claimed.Word].Entry)))
                continue;
            findings.Add(Missing(comparison, claimed, evidence));
        }
    }

    private static Finding Missing(Comparison comparison, Quantity claimed, Quantity[] evidence)
    {
        var number = comparison.Of(claimed.Range);
        if (Array.Find(evidence, claimed.HasNumber) is { Range.Length: > 0 } same)
            return new Finding(ClaimCheck.Unit, Severity.Opposite, claimed.Range, $"The claim says '{number}' where the source says '{comparison.Evident(same.Range)}'.");

        var rival = Array.Find(evidence, known => known.Unit.Dimension == claimed.Unit.Dimension && known.IsOrdinal == claimed.IsOrdinal && !Array.Exists(comparison.Claim.Quantities, other => Supports(comparison, other, known)));
        return rival.Range.Length > 0 && (comparison.Evidence.IsNearVerbatim || !claimed.Unit.IsNone)
            ? new Finding(ClaimCheck.Number, Severity.Opposite, claimed.Range, $"The claim says '{number}' where the source says '{comparison.Evident(rival.Range)}'.")
            : new Finding(ClaimCheck.Number, Severity.Missing, claimed.Range, $"The number '{number}' is not in the cited text.");
    }

    private static bool Supports(Comparison comparison, Quantity claimed, Quantity known)
    {
        if (claimed.Unit.Dimension == known.Unit.Dimension)
            return claimed.Unit.IsNone ? SameNumber(claimed, known) && !NamesOtherUnit(comparison, claimed, known) : SameMeasure(claimed, known);
        if (claimed.Unit.IsNone)
            return known.Unit.IsRatio ? Quantity.Near(claimed.Value, known.Unit.Convert(known.Value)) : SameNumber(claimed, known) && !UnitTable.IsCurrency(known.Unit) && !NamesOtherUnit(comparison, claimed, known);
        if (!known.Unit.IsNone)
            return false;
        if (claimed.Unit.IsRatio && Quantity.Near(known.Value, claimed.Unit.Convert(claimed.Value)) && known.Value is > 0 and <= 1)
            return true;

        // The unit may stand elsewhere: "timeout (in seconds): 30", "between 5 and 10 %".
        return SameNumber(claimed, known) && MentionsUnit(comparison.Evidence, claimed.Unit.Dimension);
    }

    private static bool SameNumber(Quantity claimed, Quantity known) =>
        claimed.HasNumber(known) || (claimed.Bound is Bound.About && IsRounded(claimed.Value, claimed.Step, known.Value));

    private static bool SameMeasure(Quantity claimed, Quantity known)
    {
        if (claimed.Unit == known.Unit)
            return SameNumber(claimed, known);
        var (a, b) = (claimed.Unit.Convert(claimed.Value), known.Unit.Convert(known.Value));
        if (Quantity.Near(a, b) || Quantity.Near(claimed.Unit.Convert(claimed.Other), b) || Quantity.Near(a, known.Unit.Convert(known.Other)))
            return true;
        return IsRounded(claimed.Value, claimed.Step, (b - claimed.Unit.Offset) / claimed.Unit.Factor);
    }

    private static bool IsRounded(double value, double step, double exact) => step > 0 && Math.Abs(value - exact) <= step / 2 * (1 + 1e-9) && Math.Abs(value - exact) <= MaxRounding * Math.Abs(exact);

    /// <summary>Whether what the claim counts is nowhere in the evidence, while the evidence counts or measures something else.</summary>
    private static bool NamesOtherUnit(Comparison comparison, Quantity claimed, Quantity known) =>
        !known.Unit.IsNone && claimed.Next is { IsStop: false, NumberKind: NumberWordKind.None } next && !comparison.Evidence.Has(next);

    /// <summary>Whether a number stands in the evidence as a part of something else, such as a version.</summary>
    private static bool IsWord(EvidenceMatch evidence, WordEntry entry)
    {
        foreach (var statement in evidence.Statements)
        {
            foreach (var word in statement.Words)
            {
                if (word.Entry.Folded == entry.Folded && !Array.Exists(statement.Quantities, quantity => quantity.Range.Contains(new TextRange(word.Start, word.Length))))
                    return true;
            }
        }

        return false;
    }

    private static bool MentionsUnit(EvidenceMatch evidence, string dimension)
    {
        foreach (var statement in evidence.Statements)
        {
            if (Array.Exists(statement.Quantities, quantity => quantity.Unit.Dimension == dimension)
                || Array.Exists(statement.Words, word => UnitTable.Find(evidence.Index.Text.AsSpan(word.Start, word.Length)).Dimension == dimension))
                return true;
        }

        return false;
    }

    private static bool IsPartOfDate(Quantity claimed, EvidenceMatch evidence)
    {
        if (!claimed.Unit.IsNone || claimed.Value is < 1000 or >= 3000)
            return false;
        foreach (var statement in evidence.Statements)
        {
            if (Array.Exists(statement.Dates, date => date.Year == claimed.Value))
                return true;
        }

        return false;
    }

    private static void CheckBound(Comparison comparison, Quantity claimed, Quantity[] evidence, List<Finding> findings)
    {
        if (SideOf(claimed.Bound) is not 0 and var side
            && !Array.Exists(evidence, known => Supports(comparison, claimed, known) && SideOf(known.Bound) != -side))
            findings.Add(new Finding(ClaimCheck.Quantifier, Severity.Opposite, claimed.Range, $"The claim bounds '{comparison.Of(claimed.Range)}' from the other side than the source."));
    }

    private static int SideOf(Bound bound) => bound switch
    {
        Bound.AtLeast or Bound.MoreThan => 1,
        Bound.AtMost or Bound.LessThan => -1,
        _ => 0,
    };
}
