using GenAI.Core.Text;

namespace GenAI.Core.Answering;

/// <summary>What a sentence of a passage stands in.</summary>
internal enum SentenceKind
{
    Prose,
    ListItem,
    TableRow,
    Code,
    Heading,
}

/// <summary>A sentence of a passage, or what stands for one: a heading, a table row, a line of code.</summary>
/// <param name="Range">Where it stands in the passage's text, without list markers and heading signs.</param>
/// <param name="Kind">What it stands in.</param>
/// <param name="Block">The number of the paragraph, list item, table or heading that it is a part of, from 0.</param>
internal readonly record struct PassageSentence(TextRange Range, SentenceKind Kind, int Block)
{
    /// <summary>Splits a text, Markdown or plain, into sentences. Line breaks inside a paragraph do not end a sentence.</summary>
    public static List<PassageSentence> Split(string text)
    {
        var found = new List<PassageSentence>();
        var ranges = new List<TextRange>();
        var lines = new MarkdownLines(text);
        var block = -1;
        int paragraphStart = -1, paragraphEnd = -1;
        var paragraphKind = SentenceKind.Prose;
        while (lines.MoveNext())
        {
            switch (lines.Kind)
            {
                case MarkdownLineKind.Text when paragraphStart >= 0:
                    paragraphEnd = lines.Content.End;
                    continue;
                case MarkdownLineKind.Text or MarkdownLineKind.ListItem:
                    EndParagraph();
                    (paragraphStart, paragraphEnd) = (lines.Content.Start, lines.Content.End);
                    paragraphKind = lines.Kind == MarkdownLineKind.ListItem ? SentenceKind.ListItem : SentenceKind.Prose;
                    continue;
                case MarkdownLineKind.Underline when paragraphStart >= 0:
                    paragraphKind = SentenceKind.Heading;
                    EndParagraph();
                    continue;
                default:
                    EndParagraph();
                    break;
            }

            var kind = lines.Kind switch
            {
                MarkdownLineKind.Heading => SentenceKind.Heading,
                MarkdownLineKind.TableRow => SentenceKind.TableRow,
                MarkdownLineKind.Code => SentenceKind.Code,
                _ => (SentenceKind?)null,
            };
            if (kind is { } single && !lines.Content.IsEmpty)
                found.Add(new PassageSentence(lines.Content, single, ++block));
        }

        EndParagraph();
        return found;

        void EndParagraph()
        {
            if (paragraphStart < 0)
                return;
            var paragraph = text.AsSpan(paragraphStart, paragraphEnd - paragraphStart);
            block++;
            if (paragraphKind == SentenceKind.Heading)
            {
                found.Add(new PassageSentence(TextRange.FromBounds(paragraphStart, paragraphEnd), SentenceKind.Heading, block));
            }
            else
            {
                // A line break is only a place where a line was full; the segmenter would end the sentence there.
                var joined = paragraph.ContainsAny('\n', '\r') ? paragraph.ToString().Replace('\n', ' ').Replace('\r', ' ') : paragraph;
                ranges.Clear();
                SentenceSegmenter.Segment(joined, ranges);
                foreach (var range in ranges)
                    found.Add(new PassageSentence(new TextRange(paragraphStart + range.Start, range.Length), paragraphKind, block));
            }

            paragraphStart = -1;
        }
    }

    /// <summary>The sentence's characters.</summary>
    public ReadOnlySpan<char> In(string text) => Range.Of(text.AsSpan());
}
