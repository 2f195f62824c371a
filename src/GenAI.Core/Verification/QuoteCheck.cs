namespace GenAI.Core.Verification;

/// <summary>What the claim puts in quotation marks is in the source, word for word; an ellipsis stands for what is left out.</summary>
internal static class QuoteCheck
{
    private static readonly string[] Ellipses = ["[...]", "[\u2026]", "...", "\u2026"];

    /// <summary>Adds the quotations that none of the sources has.</summary>
    public static void Check(string text, TextRange claim, IReadOnlyList<TextRange> markers, IReadOnlyList<ClaimSource> sources, List<Finding> findings)
    {
        for (var i = claim.Start; i < claim.End; i++)
        {
            var end = EndOf(text, i, claim);
            if (end == 0)
                continue;
            var quote = TextRange.FromBounds(i + 1, end);
            i = end;
            if (!Worth(quote.Of(text)) || Overlaps(markers, quote))
                continue;
            var pieces = quote.Of(text).Split(Ellipses, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (!sources.Any(source => Has(source.Index.Normalized, pieces)))
                findings.Add(new Finding(ClaimCheck.Quote, Severity.Missing, quote, $"The cited source does not say \"{quote.Of(text)}\"."));
        }
    }

    /// <summary>The closing mark of the quotation that an opening one begins; 0 if there is none.</summary>
    private static int EndOf(string text, int at, TextRange claim)
    {
        var close = text[at] switch { '"' => '"', '\u201C' => '\u201D', '\u201E' => '\u201C', '\u00AB' => '\u00BB', '\u00BB' => '\u00AB', '\u2018' => '\u2019', '\'' => '\'', _ => '\0' };
        if (close == '\0')
            return 0;
        var isSingle = close is '\'' or '\u2019';
        if (isSingle && at > claim.Start && !char.IsWhiteSpace(text[at - 1]) && text[at - 1] is not ('(' or '['))
            return 0;
        for (var end = at + 1; end < claim.End; end++)
        {
            if (text[end] != close && !(close == '\u201C' && text[end] == '\u201D'))
                continue;
            if (!isSingle)
                return end;

            // An apostrophe is no end, and a short run between two is as often a possessive.
            if ((end + 1 == claim.End || !char.IsLetterOrDigit(text[end + 1])) && text.AsSpan(at + 1, end - at - 1).Count(' ') >= 2)
                return end;
        }

        return 0;
    }

    /// <summary>Whether a quotation says anything.</summary>
    private static bool Worth(string quote)
    {
        var letters = 0;
        foreach (var c in quote)
            letters += char.IsLetterOrDigit(c) ? 1 : 0;
        return letters >= 2;
    }

    private static bool Overlaps(IReadOnlyList<TextRange> markers, TextRange quote) => markers.Any(marker => quote.Contains(marker));

    /// <summary>Whether the pieces stand in the text in this order.</summary>
    private static bool Has(string text, string[] pieces)
    {
        var from = 0;
        foreach (var piece in pieces)
        {
            // The stop or comma of the sentence around may stand inside, and a quotation may begin or end a sentence that it was not.
            var wanted = VerbatimText.Normalize(piece).AsSpan().Trim().TrimEnd(".,;:!?");
            if (wanted.IsEmpty)
                continue;
            var at = text.AsSpan(from).IndexOf(wanted, StringComparison.Ordinal);
            if (at < 0 && char.IsLetter(wanted[0]))
                at = IndexOfIgnoringFirst(text.AsSpan(from), wanted);
            if (at < 0)
                return false;
            from += at + wanted.Length;
        }

        return true;
    }

    private static int IndexOfIgnoringFirst(ReadOnlySpan<char> text, ReadOnlySpan<char> wanted)
    {
        if (wanted.Length == 1)
            return -1;
        var turned = char.IsUpper(wanted[0]) ? char.ToLowerInvariant(wanted[0]) : char.ToUpperInvariant(wanted[0]);
        for (var from = 0; from < text.Length;)
        {
            var at = text[from..].IndexOf(wanted[1..], StringComparison.Ordinal);
            if (at < 0)
                return -1;
            at += from;
            if (at > 0 && text[at - 1] == turned)
                return at - 1;
            from = at + 1;
        }

        return -1;
    }
}
