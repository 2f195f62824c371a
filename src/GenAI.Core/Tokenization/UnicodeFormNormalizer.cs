using System.Buffers;

namespace GenAI.Core.Tokenization;

/// <summary>One of the Unicode normalisation forms.</summary>
internal sealed class UnicodeFormNormalizer(UnicodeForm form) : TextNormalizer
{
    private const int MaxStretch = 4096;

    private readonly bool _compatibility = form is UnicodeForm.Nfkd or UnicodeForm.Nfkc;
    private readonly bool _composes = form is UnicodeForm.Nfc or UnicodeForm.Nfkc;

    public override bool Leaves(ReadOnlySpan<char> text) =>
        !text.ContainsAnyExceptInRange('\0', form switch { UnicodeForm.Nfc => '\u02FF', UnicodeForm.Nfd => '\u00BF', _ => '\u009F' });

    // Between ASCII characters, which neither change nor compose with what is before them, each stretch is worked on by itself.
    public override void Normalize(AlignedText source, AlignedText destination)
    {
        var text = source.Span;
        destination.Reserve(text.Length);
        for (var done = 0; done < text.Length;)
        {
            var start = text[done..].IndexOfAnyExceptInRange('\0', '\x7F');
            if (start < 0)
            {
                destination.Append(source, done, text.Length - done);
                return;
            }

            start = Math.Max(done, done + start - 1);
            var length = text[(start + 1)..].IndexOfAnyInRange('\0', '\x7F');
            var end = Boundary(text, start, length < 0 ? text.Length : start + 1 + length);
            destination.Append(source, done, start - done);
            Rewrite(source, start, end, destination);
            done = end;
        }
    }

    // A stretch without ASCII can be all of a long text: then it is worked on in parts, cut before a code point that leaves what is before alone.
    private int Boundary(ReadOnlySpan<char> text, int start, int end)
    {
        var cut = start + MaxStretch;
        if (cut < end && char.IsLowSurrogate(text[cut]))
            cut++;
        while (cut < end && !UnicodeForms.IsBoundary(CodePoints.At(text, cut), _compatibility))
            cut += CodePoints.Units(CodePoints.At(text, cut));
        return Math.Min(cut, end);
    }

    private void Rewrite(AlignedText source, int start, int end, AlignedText destination)
    {
        // A code point becomes 18 at most (U+FDFA, compatibility), 4 canonically.
        var room = (end - start) * (_compatibility ? 18 : 4);
        var points = ArrayPool<Decomposed>.Shared.Rent(room);
        var count = Decompose(source.Span, start, end, points);
        if (_composes)
            count = Compose(points.AsSpan(0, count));

        var transform = new AlignedTransform(source, destination, start);
        foreach (ref readonly var point in points.AsSpan(0, count))
            transform.Emit(point.CodePoint, point.Change);
        ArrayPool<Decomposed>.Shared.Return(points);
    }

    private int Decompose(ReadOnlySpan<char> text, int start, int end, Decomposed[] points)
    {
        Span<int> scratch = stackalloc int[3];
        int count = 0, pending = 0;
        for (var i = start; i < end;)
        {
            var codePoint = CodePoints.At(text, i);
            i += CodePoints.Units(codePoint);
            var expansion = UnicodeForms.Decompose(codePoint, _compatibility, scratch);
            for (var k = 0; k < Math.Max(1, expansion.Length); k++)
            {
                var part = expansion.Length == 0 ? codePoint : expansion[k];
                var combiningClass = UnicodeForms.Class(part);
                if (combiningClass == 0)
                {
                    Sort(points.AsSpan(pending, count - pending));
                    pending = count + 1;
                }

                points[count++] = new(part, k == 0 ? 0 : 1, combiningClass);
            }
        }

        Sort(points.AsSpan(Math.Min(pending, count), count - Math.Min(pending, count)));
        return count;
    }

    // Stable: marks of one class keep their order.
    private static void Sort(Span<Decomposed> marks)
    {
        if (marks.Length > 64)
        {
            var sorted = marks.ToArray().OrderBy(mark => mark.Class).ToArray();
            sorted.CopyTo(marks);
            return;
        }

        for (var i = 1; i < marks.Length; i++)
        {
            var mark = marks[i];
            var k = i;
            for (; k > 0 && marks[k - 1].Class > mark.Class; k--)
                marks[k] = marks[k - 1];
            marks[k] = mark;
        }
    }

    // In place: what composes into the starter is dropped, and the starter takes its change over.
    private static int Compose(Span<Decomposed> points)
    {
        int count = 0, starter = -1, lastClass = -1;
        foreach (var point in points)
        {
            if (starter >= 0 && (lastClass < 0 || lastClass < point.Class) && UnicodeForms.Compose(points[starter].CodePoint, point.CodePoint) is var composed and >= 0)
            {
                points[starter] = new(composed, points[starter].Change + point.Change - 1, 0);
                continue;
            }

            if (point.Class == 0)
            {
                starter = count;
                lastClass = -1;
            }
            else if (starter >= 0)
                lastClass = point.Class;

            points[count++] = point;
        }

        return count;
    }

    private readonly record struct Decomposed(int CodePoint, int Change, int Class);
}
