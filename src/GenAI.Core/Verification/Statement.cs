namespace GenAI.Core.Verification;

/// <summary>A sentence, read: its words, numbers and dates, with ranges in the text that it stands in.</summary>
internal sealed class Statement
{
    public required TextRange Range { get; init; }

    public required Word[] Words { get; init; }

    public required Quantity[] Quantities { get; init; }

    public required CalendarDate[] Dates { get; init; }

    /// <summary>Reads a sentence.</summary>
    /// <param name="text">The text.</param>
    /// <param name="range">Where the sentence stands.</param>
    /// <param name="markers">Citation markers, which are no words of the sentence; ascending.</param>
    public static Statement Read(string text, TextRange range, IReadOnlyList<TextRange> markers)
    {
        var words = WordReader.Read(text, range, markers);
        var dates = DateReader.Read(text, words);
        var quantities = QuantityReader.Read(text, words, dates);
        for (var i = 0; i < words.Count; i++)
        {
            if (dates.Exists(date => date.FirstWord <= i && i <= date.LastWord) || quantities.Exists(quantity => !UnitTable.IsThing(quantity.Unit) && quantity.Range.Contains(new TextRange(words[i].Start, words[i].Length))))
                words[i] = words[i] with { Traits = words[i].Traits | WordTraits.Number };
        }

        return new Statement
        {
            Range = range,
            Words = [.. words],
            Quantities = [.. quantities],
            Dates = [.. dates],
        };
    }
}
