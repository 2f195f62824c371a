using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace GenAI.Core.Indexing;

/// <summary>An inverted index: finds texts by the words they share with a query and ranks them by BM25.</summary>
/// <remarks>
/// <para>Texts are added, replaced and removed one by one, in place: there is nothing to rebuild, merge or commit, and the statistics
/// that scores depend on are always those of the texts at hand. The texts themselves are not kept.</para>
/// <para>Many readers and one writer at a time; no lock of the caller's is needed. A search sees each text either before or after a
/// change, never in between. Results depend on nothing but the texts: not on the order they came in, nor on the machine.</para>
/// </remarks>
public sealed partial class KeywordIndex : IDisposable
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly ConcurrentBag<TermCounter> _counters = [];
    private readonly ConcurrentBag<KeywordSearcher> _searchers = [];
    private readonly PostingLists _lists = new();
    private readonly KeywordTexts _texts = new();
    private readonly MemoryPostings _postings;
    private readonly TextAnalyzer _analyzer;
    private readonly Bm25Parameters _parameters;
    private byte[]? _packedTerms;

    /// <summary>Makes an empty index.</summary>
    /// <param name="options">The options; <see langword="null"/> for the defaults. They are copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter of BM25 is out of its range.</exception>
    public KeywordIndex(KeywordIndexOptions? options = null)
    {
        options ??= new KeywordIndexOptions();
        if (!(options.TermSaturation >= 0 && double.IsFinite(options.TermSaturation)))
            throw new ArgumentOutOfRangeException(nameof(options), options.TermSaturation, $"TermSaturation (k1) is {options.TermSaturation}; it must be 0 or more. 1.2 is the usual value.");
        if (!(options.LengthNormalization is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(options), options.LengthNormalization, $"LengthNormalization (b) is {options.LengthNormalization}; it must lie between 0 and 1. 0.75 is the usual value.");
        ArgumentNullException.ThrowIfNull(options.Analyzer, nameof(options));
        _analyzer = options.Analyzer;
        _postings = new MemoryPostings(_lists, _texts);
        _parameters = new Bm25Parameters(options.TermSaturation, options.LengthNormalization);
    }

    /// <summary>What is stored, to be read while nobody writes.</summary>
    internal PostingSource Postings => _postings;

    /// <summary>The number of texts.</summary>
    public int Count
    {
        get
        {
            _lock.EnterReadLock();
            try
            {
                return _texts.Count;
            }
            finally
            {
                _lock.ExitReadLock();
            }
        }
    }

    /// <summary>Adds a text, or replaces the one that has the id.</summary>
    /// <param name="id">The text's id; any number. Dense ids from 0 let a search be filtered by a bitmap.</param>
    /// <param name="text">The text, in any language; it may be empty.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is <see langword="null"/>.</exception>
    public void Upsert(long id, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Upsert(id, Analyze(text));
    }

    /// <summary>Adds or replaces several texts. Where an id occurs twice, the last text stands.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="texts">The text of each id.</param>
    /// <exception cref="ArgumentException">There are more ids than texts or fewer, or a text is <see langword="null"/>; nothing is changed then.</exception>
    public void Upsert(ReadOnlySpan<long> ids, ReadOnlySpan<string> texts)
    {
        if (ids.Length != texts.Length)
            throw new ArgumentException($"There are {ids.Length} ids but {texts.Length} texts; each id needs one text.", nameof(texts));
        for (var i = 0; i < texts.Length; i++)
        {
            if (texts[i] is null)
                throw new ArgumentException($"Text {i}, of id {ids[i]}, is null; leave the id out, or pass an empty text.", nameof(texts));
        }

        for (var i = 0; i < ids.Length; i++)
            Upsert(ids[i], Analyze(texts[i]));
    }

    /// <summary>Removes a text.</summary>
    /// <returns>Whether there was one with this id.</returns>
    public bool Remove(long id)
    {
        _lock.EnterWriteLock();
        try
        {
            return RemoveNeedsLock(id);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Does the larger part of an <see cref="Upsert(long, string)"/>, without touching the index: it can run in parallel.</summary>
    internal AnalyzedText Analyze(ReadOnlySpan<char> text)
    {
        if (!_counters.TryTake(out var counter))
            counter = new TermCounter();
        var analyzed = counter.Count(_analyzer, text);
        _counters.Add(counter);
        return analyzed;
    }

    /// <summary>Adds or replaces a text that was analyzed before, by this index or one with the same analyzer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Upsert(long id, AnalyzedText text)
    {
        _lock.EnterWriteLock();
        try
        {
            RemoveNeedsLock(id);
            var number = _texts.Add(id, text.Length);
            var packed = 0;
            for (var i = 0; i < text.Terms.Length; i++)
            {
                var term = _lists.Add(text.Terms[i], number, text.Counts[i], _texts.Lengths);
                TermListReader.Append(ref _packedTerms, ref packed, term, text.Counts[i]);
            }

            _texts.SetTerms(number, _packedTerms.AsSpan(0, packed));
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Releases the lock. The index must not be in use.</summary>
    public void Dispose() => _lock.Dispose();

    private bool RemoveNeedsLock(long id)
    {
        if (!_texts.TryFind(id, out var number))
            return false;
        var terms = new TermListReader(_texts.TermsOf(number));
        while (terms.MoveNext())
            _lists.Remove(terms.Term, number, _texts.Lengths);
        _texts.Remove(id, number);
        return true;
    }
}
