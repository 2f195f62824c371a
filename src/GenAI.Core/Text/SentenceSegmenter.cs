using System.Globalization;

namespace GenAI.Core.Text;

/// <summary>Finds sentences.</summary>
/// <remarks>
/// <para>
/// The sentence boundaries of Unicode Standard Annex #29 (the terminators of all scripts, closing quotes and brackets, no end before a
/// lower-case word), tailored for text that is quoted: English abbreviations, initials, enumerators, numbers, versions and addresses do not
/// end a sentence; an ASCII <c>!</c>, <c>?</c> or <c>.</c> does only before white space or a letter of a script without case; reference marks such as
/// <c>[12]</c> and Markdown's emphasis marks belong to the sentence they close.
/// </para>
/// <para>
/// Lines: a blank line, a form feed or U+2029 always ends a sentence. A single line end does only around what Markdown gives a line of its
/// own: after a heading, list item, table row or rule, and before one, a fence or a quotation. Inside a fenced block only blank lines count.
/// </para>
/// <para>
/// No culture, no ICU: the categories come from the runtime's own data. One pass, linear in the text, whatever it is.
/// </para>
/// </remarks>
internal static class SentenceSegmenter
{
    /// <summary>The longest word before a stop that may be an abbreviation.</summary>
    private const int MaxAbbreviation = 12;

    /// <summary>The most characters in front of an enumerator such as "1.".</summary>
    private const int MaxIndent = 16;

    /// <summary>How far the next word is looked for: farther than any real run of spaces, quotes and brackets.</summary>
    private const int MaxGap = 64;

    /// <summary>
    /// Adds the ranges of the sentences of <paramref name="text"/> to <paramref name="sentences"/>, in order, without the white space
    /// around them. Ranges are relative to the span; together they cover every character that is not white space.
    /// </summary>
    public static void Segment(ReadOnlySpan<char> text, List<TextRange> sentences)
    {
        var lines = new LineBreaks();
        var (start, at) = (0, 0);
        while (text[at..].IndexOfAny(SentenceTerminators.Candidates) is >= 0 and var skipped)
        {
            at += skipped;
            int end;
            if (SentenceTerminators.LineEnds.Contains(text[at]))
            {
                var next = at + (text[at..].StartsWith("\r\n") ? 2 : 1);
                end = lines.EndsSentence(text, at, next) ? next : -1;
                at = next;
                if (end >= 0)
                    lines.SkipEmpty(text, ref at);
            }
            else if (lines.InFence)
            {
                at++;
                continue;
            }
            else
            {
                end = EndAt(text, start, lines.Start, ref at);
            }

            if (end < 0)
                continue;
            Add(text, start, end, sentences);
            (start, at) = (end, Math.Max(at, end));
        }

        Add(text, start, text.Length, sentences);
    }

    /// <summary>Where the sentence ends that the terminator at <paramref name="at"/> may close; -1 if it does not. Moves <paramref name="at"/> past it.</summary>
    private static int EndAt(ReadOnlySpan<char> text, int start, int lineStart, ref int at)
    {
        var terminator = at;
        var strength = 0;
        for (; at < text.Length; at++)
        {
            if (SentenceTerminators.LengthOfStrong(text, at) is > 0 and var length)
            {
                strength = Math.Max(strength, text[at] < 0x80 ? 1 : 2);
                at += length - 1;
            }
            else if (at > terminator ? !SentenceTerminators.IsStop(text[at]) && !IsIgnored(text[at]) : !SentenceTerminators.IsStop(text[at]))
            {
                break;
            }
        }

        if (at == terminator)
        {
            at++;
            return -1;
        }

        var marks = at - terminator;
        var end = SkipClosing(text, at);
        if (end == text.Length)
            return -1;

        var next = end;
        var limit = Math.Min(text.Length, end + MaxGap);
        while (next < limit && char.IsWhiteSpace(text[next]))
            next++;
        if (next == text.Length || (next < limit && IsContinuation(text[next])))
            return -1;
        if (strength == 2 || next == limit)
            return end;

        var word = next;
        while (word < limit && IsOpening(text[word]))
            word++;
        var follows = word < text.Length ? text[word..] : default;
        var isBare = end == at;
        if (next == end)
            return isBare && IsCaseless(text[next]) && (strength > 0 || IsCaseless(text[Math.Max(terminator - 1, 0)])) ? end : -1;
        if (!follows.IsEmpty && char.IsLower(follows[0]) && (strength == 0 || !isBare))
            return -1;
        return strength == 0 && marks == 1 && text[terminator] != '\u2026' && Continues(text, start, lineStart, terminator, follows) ? -1 : end;
    }

    /// <summary>Whether a single stop belongs to an enumerator or an abbreviation.</summary>
    private static bool Continues(ReadOnlySpan<char> text, int start, int lineStart, int stop, ReadOnlySpan<char> next)
    {
        var floor = Math.Max(Math.Max(start, lineStart), stop - MaxAbbreviation);
        var from = stop;
        while (from > floor && (char.IsLetterOrDigit(text[from - 1]) || (text[from - 1] == '.' && from < stop)))
            from--;
        var word = text[from..stop];
        if (word.IsEmpty)
            return false;
        if (from > start && from == floor && char.IsLetterOrDigit(text[from - 1]))
            return false;

        // "1." or "a." in front of a line's text; a longer number is more likely a year at the end of a wrapped sentence.
        var isFirst = from - lineStart <= MaxIndent && text[lineStart..from].Trim(" \t>#*_-").IsEmpty;
        if (isFirst && (word.Length == 1 || (word.Length <= 3 && word.IndexOfAnyExceptInRange('0', '9') < 0)))
            return true;
        return Abbreviations.Continues(word, next);
    }

    /// <summary>Moves over closing quotes, brackets, Markdown marks and reference marks.</summary>
    private static int SkipClosing(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length)
        {
            var c = text[at];
            if (IsClosing(c) || (IsTurned(c) && (at + 1 == text.Length || char.IsWhiteSpace(text[at + 1]))))
                at++;
            else if (c == '[' && ReferenceLength(text[at..]) is > 0 and var length)
                at += length;
            else
                break;
        }

        return at;
    }

    /// <summary>The length of a mark such as <c>[12]</c> or <c>[^3]</c>; 0 if there is none.</summary>
    private static int ReferenceLength(ReadOnlySpan<char> text)
    {
        var digits = text is ['[', '^', ..] ? 2 : 1;
        var end = digits;
        while (end < text.Length && end < digits + 4 && char.IsAsciiDigit(text[end]))
            end++;
        return end > digits && end < text.Length && text[end] == ']' ? end + 1 : 0;
    }

    private static bool IsClosing(char c) => c < 0x80
        ? c is '"' or '\'' or ')' or ']' or '}' or '*' or '_' or '`' or '~'
        : CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.ClosePunctuation or UnicodeCategory.FinalQuotePunctuation || IsIgnored(c);

    /// <summary>Quotes that open in one language and close in another.</summary>
    private static bool IsTurned(char c) => c is '\u201C' or '\u2018' or '\u00AB' or '\u2039';

    private static bool IsOpening(char c) => c < 0x80
        ? c is '"' or '\'' or '(' or '[' or '{' or '*' or '_' or '`' or '~' or '<'
        : c is '\u00BF' or '\u00A1' || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.OpenPunctuation or UnicodeCategory.InitialQuotePunctuation
            or UnicodeCategory.FinalQuotePunctuation;

    /// <summary>Sentence_Break = SContinue, and the semicolon: the sentence goes on.</summary>
    private static bool IsContinuation(char c) => c is ',' or ';' or ':' or '-' or '\u2013' or '\u2014' or '\u055D' or '\u060C' or '\u060D' or '\u07F8'
        or '\u1802' or '\u1808' or '\u3001' or '\uFE10' or '\uFE11' or '\uFE13' or '\uFE31' or '\uFE32' or '\uFE50' or '\uFE51' or '\uFE55' or '\uFE58'
        or '\uFE63' or '\uFF0C' or '\uFF0D' or '\uFF1A' or '\uFF64';

    /// <summary>Marks and format characters, which belong to what they follow.</summary>
    private static bool IsIgnored(char c) => c >= 0x80 && CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;

    /// <summary>Letters of scripts that have no case, some of which are written without spaces.</summary>
    private static bool IsCaseless(char c) => c >= 0x80 && CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.OtherLetter;

    private static void Add(ReadOnlySpan<char> text, int start, int end, List<TextRange> sentences)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
            start++;
        while (end > start && char.IsWhiteSpace(text[end - 1]))
            end--;
        if (end > start)
            sentences.Add(TextRange.FromBounds(start, end));
    }

    /// <summary>Follows the lines of a text and says which line ends are the ends of sentences.</summary>
    private struct LineBreaks
    {
        private bool _inList;

        /// <summary>Where the current line starts.</summary>
        public int Start { get; private set; }

        /// <summary>Whether the current line is inside a fenced block.</summary>
        public bool InFence { get; private set; }

        /// <summary>Moves over empty lines, however many.</summary>
        public void SkipEmpty(ReadOnlySpan<char> text, ref int at)
        {
            var lines = text[at..].IndexOfAnyExcept('\n', '\r');
            at = Start = lines < 0 ? text.Length : at + lines;
        }

        /// <summary>Whether the line end at <paramref name="end"/> ends a sentence; the next line starts at <paramref name="next"/>.</summary>
        public bool EndsSentence(ReadOnlySpan<char> text, int end, int next)
        {
            var line = LineShape.Of(text[Start..end]);
            var length = text[next..].IndexOfAny(SentenceTerminators.LineEnds);
            var follows = LineShape.Of(length < 0 ? text[next..] : text.Slice(next, length));
            Start = next;
            var closesFence = InFence && line.Kind == LineKind.Fence;
            if (line.Kind == LineKind.Fence)
                InFence = !InFence;
            if (line.Kind == LineKind.ListItem)
                _inList = true;
            if (text[end] is '\f' or '\u2029' || follows.Kind == LineKind.Blank || line.Kind == LineKind.Blank)
            {
                _inList = false;
                return true;
            }

            if (InFence || closesFence)
                return closesFence;
            if (line.Kind is LineKind.Heading or LineKind.TableRow or LineKind.Rule || follows.Kind is LineKind.Heading or LineKind.TableRow or LineKind.Fence)
                return true;
            if (follows.Kind == LineKind.ListItem)
                return _inList || follows.StartsList;
            return follows.IsQuote != line.IsQuote || (line.Kind == LineKind.ListItem && follows.Kind == LineKind.Text && follows.Indent == 0);
        }
    }
}
