using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace GenAI.Core.Indexing;

/// <summary>A term of a query.</summary>
/// <param name="Hash">The term.</param>
/// <param name="Weight">How often it stands in the query, or what relevance feedback gives it.</param>
/// <param name="Texts">How many of all texts have it, 1 or more.</param>
internal readonly record struct QueryTerm(ulong Hash, double Weight, int Texts);

/// <summary>Runs one search after another over the postings of one source or several; pooled by an index.</summary>
/// <remarks>
/// Block-Max MaxScore over windows of texts (H. Turtle and J. Flood, "Query evaluation: strategies and optimizations", 1995; S. Ding and
/// T. Suel, "Faster top-k document retrieval using block-max indexes", 2011). In each window, terms that even together cannot lift a
/// text over the worst match kept so far are left for later; the others are added up term by term, in order of texts, and only texts
/// that can still make it are looked up in the terms left. The result is exactly that of scoring everything.
/// </remarks>
internal sealed class KeywordSearcher
{
    /// <summary>The number of texts looked at together: their scores (16 KB) stay in the first-level cache.</summary>
    public const int Window = 4096;

    /// <summary>Queries of more terms, whole documents, are scored term by term: cursors for all of them would take megabytes.</summary>
    public const int MaxTermsAtOnce = 64;

    // The sum of all scores of a text stays below this.
    private const double MaxScore = 1 << 30;

    private readonly List<PostingCursor> _cursors = [];
    private readonly int[] _scores = new int[Window];
    private readonly (int Text, int Score)[] _candidates = new (int, int)[Window];
    private readonly TopMatches _top = new();
    private PostingCursor[] _order = [];
    private long[] _bounds = [];

    /// <summary>Finds the best texts for a query.</summary>
    /// <param name="sources">The postings.</param>
    /// <param name="statistics">What weights depend on.</param>
    /// <param name="query">The terms; each once.</param>
    /// <param name="results">Receives the matches, best first.</param>
    /// <param name="settings">What may be returned: nothing that was removed.</param>
    /// <param name="isExhaustive">Whether to look at every posting, which a test compares with.</param>
    public int Search(ReadOnlySpan<PostingSource> sources, in KeywordStatistics statistics, ReadOnlySpan<QueryTerm> query, Span<KeywordMatch> results, in KeywordSearchSettings settings, bool isExhaustive = false)
    {
        if (results.IsEmpty || query.IsEmpty)
            return 0;

        _top.Begin(results.Length);
        var scale = ScaleFor(statistics, query);
        foreach (var source in sources)
        {
            if (query.Length > MaxTermsAtOnce)
                SearchTermByTerm(source, statistics, query, scale, settings);
            else
                SearchWindows(source, statistics, query, scale, settings, isExhaustive);
        }

        var count = _top.Count;
        _top.Drain(results, scale);
        return count;
    }

    private void SearchWindows(PostingSource source, in KeywordStatistics statistics, ReadOnlySpan<QueryTerm> query, double scale, in KeywordSearchSettings settings, bool isExhaustive)
    {
        if (_order.Length < query.Length)
        {
            _order = new PostingCursor[query.Length];
            _bounds = new long[query.Length + 1];
        }

        var terms = 0;
        foreach (var term in query)
        {
            _order[terms] = CursorOf(terms);
            terms += TryBegin(_order[terms], source, statistics, term, scale) ? 1 : 0;
        }

        var (start, texts) = (0, source.Lengths.Length);
        while ((start = NextText(terms, start)) < texts)
        {
            // The last window may end behind the last text; numbers stay clear of overflow.
            var end = (int)Math.Min((long)start + Window, texts);
            SearchWindow(start, end, source, terms, settings, isExhaustive);
            start = end;
        }

        for (var i = 0; i < terms; i++)
            _order[i].End();
    }

    private void SearchTermByTerm(PostingSource source, in KeywordStatistics statistics, ReadOnlySpan<QueryTerm> query, double scale, in KeywordSearchSettings settings)
    {
        var lengths = source.Lengths;
        var rented = ArrayPool<int>.Shared.Rent(lengths.Length);
        var scores = rented.AsSpan(0, lengths.Length);
        scores.Clear();
        var cursor = CursorOf(0);
        foreach (var term in query)
        {
            if (TryBegin(cursor, source, statistics, term, scale))
                cursor.Accumulate(0, scores, lengths);
        }

        cursor.End();
        for (var text = 0; text < scores.Length; text++)
        {
            if (scores[text] >= _top.Threshold && source.IdOf(text) is var id && settings.Allows(id))
                _top.Add(scores[text], id);
        }

        ArrayPool<int>.Shared.Return(rented);
    }

    private PostingCursor CursorOf(int index)
    {
        if (index == _cursors.Count)
            _cursors.Add(new PostingCursor());
        return _cursors[index];
    }

    private static bool TryBegin(PostingCursor cursor, PostingSource source, in KeywordStatistics statistics, QueryTerm term, double scale)
    {
        var number = source.Find(term.Hash);
        if (number < 0)
            return false;
        var (k1, b) = statistics.Parameters;
        var average = (double)statistics.TotalLength / statistics.Texts;
        cursor.Begin(source, source.TermAt(number), (float)(statistics.WeightOf(term) * scale), (float)(k1 * (1 - b)), (float)(k1 * b / average));
        return true;
    }

    // A power of two, so that scaling costs no precision, with which no sum of scores overflows.
    private static double ScaleFor(in KeywordStatistics statistics, ReadOnlySpan<QueryTerm> query)
    {
        var total = 0.0;
        foreach (var term in query)
            total += statistics.WeightOf(term);
        var scale = 1.0;
        while (total * scale * 2 < MaxScore) scale *= 2;
        while (total * scale >= MaxScore) scale /= 2;
        return scale;
    }

    private int NextText(int terms, int start)
    {
        var next = int.MaxValue;
        for (var i = 0; i < terms; i++)
            next = Math.Min(next, _order[i].NextText(start));
        return next;
    }

    private void SearchWindow(int start, int end, PostingSource source, int terms, in KeywordSearchSettings settings, bool isExhaustive)
    {
        var optional = isExhaustive ? 0 : Partition(start, end, terms);
        if (optional == terms)
            return;

        var scores = _scores.AsSpan(0, end - start);
        var lengths = source.Lengths;
        for (var i = optional; i < terms; i++)
            _order[i].Accumulate(start, scores, lengths);

        // Looking a few texts up in a term costs a block each; beyond that, adding the whole term up is cheaper.
        while (optional > 0)
        {
            var promising = CountAtLeast(scores, LeastFor(optional));
            if (promising < _order[optional - 1].WindowBlocks)
                break;
            _order[--optional].Accumulate(start, scores, lengths);
        }

        var count = Collect(start, scores, LeastFor(optional));
        for (var i = optional - 1; i >= 0 && count > 0; i--)
            count = AddTerm(_order[i], _bounds[i], count, lengths);

        for (var i = 0; i < count; i++)
        {
            if (_candidates[i].Score < _top.Threshold)
                continue;
            var id = source.IdOf(_candidates[i].Text);
            if (settings.Allows(id))
                _top.Add(_candidates[i].Score, id);
        }
    }

    // Orders the terms by what they can add in the window and returns how many of the first cannot make a match by themselves.
    private int Partition(int start, int end, int terms)
    {
        for (var i = 0; i < terms; i++)
        {
            var cursor = _order[i];
            cursor.Bound(start, end);
            var j = i;
            for (; j > 0 && _order[j - 1].WindowBound > cursor.WindowBound; j--)
                _order[j] = _order[j - 1];
            _order[j] = cursor;
        }

        var optional = 0;
        _bounds[0] = 0;
        for (var i = 0; i < terms; i++)
        {
            _bounds[i + 1] = _bounds[i] + _order[i].WindowBound;
            if (_bounds[i + 1] < _top.Threshold)
                optional = i + 1;
        }

        return optional;
    }

    // The score that a text must have for the first so many terms to lift it to a match.
    private int LeastFor(int terms) => (int)Math.Max(1, _top.Threshold - (terms == 0 ? 0 : _bounds[terms]));

    private static int CountAtLeast(ReadOnlySpan<int> scores, int least)
    {
        var counts = Vector<int>.Zero;
        var limit = new Vector<int>(least);
        var i = 0;
        for (; i <= scores.Length - Vector<int>.Count; i += Vector<int>.Count)
            counts -= Vector.GreaterThanOrEqual(new Vector<int>(scores[i..]), limit); // true is -1
        var count = Vector.Sum(counts);
        for (; i < scores.Length; i++)
            count += scores[i] >= least ? 1 : 0;
        return count;
    }

    // Notes the texts that reach a score and clears the scores for the next window.
    private int Collect(int start, Span<int> scores, int least)
    {
        var count = 0;
        var limit = Vector256.Create(least);
        var i = 0;
        for (; i <= scores.Length - Vector256<int>.Count; i += Vector256<int>.Count)
        {
            var reached = Vector256.GreaterThanOrEqual(Vector256.Create<int>(scores[i..]), limit).ExtractMostSignificantBits();
            for (; reached != 0; reached &= reached - 1)
            {
                var at = i + BitOperations.TrailingZeroCount(reached);
                _candidates[count++] = (start + at, scores[at]);
            }
        }

        for (; i < scores.Length; i++)
        {
            if (scores[i] >= least)
                _candidates[count++] = (start + i, scores[i]);
        }

        scores.Clear();
        return count;
    }

    // Adds a term to the candidates and keeps those that, with what the terms still to come can add, may yet be matches.
    private int AddTerm(PostingCursor cursor, long boundOfRest, int count, ReadOnlySpan<int> lengths)
    {
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            var (text, score) = _candidates[i];
            var needed = _top.Threshold - boundOfRest - score;
            if (needed > cursor.WindowBound)
                continue;
            score += cursor.ScoreOf(text, (int)needed, lengths);
            if (score + boundOfRest >= _top.Threshold)
                _candidates[kept++] = (text, score);
        }

        return kept;
    }
}
