namespace GenAI.Core.Indexing;

/// <summary>Reads one piece of a segment that is being written: its texts by their new ids, and its terms in order of their hashes.</summary>
internal sealed class KeywordPieceReader
{
    private readonly KeywordPiece _piece;
    private readonly int[] _newIds;
    private readonly int[] _newTerms;
    private readonly int[] _termOrder;
    private readonly int[] _texts = new int[PostingBlock.MaxCount];
    private readonly int[] _frequencies = new int[PostingBlock.MaxCount];
    private int _next;

    public KeywordPieceReader(KeywordPiece piece)
    {
        _piece = piece;
        _newIds = new int[piece.Source.Lengths.Length];
        Array.Fill(_newIds, -1);
        foreach (var (text, newId) in Texts())
            _newIds[text] = newId;
        _newTerms = new int[piece.Source.TermNumbers];
        _termOrder = TermOrder(piece.Source);
    }

    public bool HasTerm => _next < _termOrder.Length;

    /// <summary>The hash of the next term.</summary>
    public ulong Hash => _piece.Source.TermAt(_termOrder[_next]).Hash;

    /// <summary>The texts that go into the segment, with their new ids.</summary>
    public IEnumerable<(int Text, int NewId)> Texts()
    {
        for (var i = 0; i < _piece.NewIds.Length; i++)
        {
            var newId = _piece.NewIds.Span[i];
            if (newId >= 0 && _piece.Source.TryFind(_piece.First + i, out var text))
                yield return (text, newId);
        }
    }

    public int LengthOf(int text) => _piece.Source.Lengths[text];

    public ReadOnlySpan<byte> TermsOf(int text) => _piece.Source.TermsOf(text);

    /// <summary>The number that a term of a text that goes into the segment has there.</summary>
    public int NewTermOf(int term) => (uint)term < (uint)_newTerms.Length ? _newTerms[term] : throw PostingSource.Wrong($"A text names term {term} of {_newTerms.Length}.");

    /// <summary>Adds the postings of the next term, as far as their texts go into the segment, and steps on.</summary>
    /// <param name="postings">Receives them.</param>
    /// <param name="newTerm">The number that the term will have if there are any.</param>
    public void TakeTerm(PostingsWriter postings, int newTerm)
    {
        var number = _termOrder[_next++];
        _newTerms[number] = newTerm;
        var term = _piece.Source.TermAt(number);
        if (term.Texts == 1)
        {
            Add(postings, term.First, term.Blocks);
            return;
        }

        for (var i = 0; i < term.Blocks; i++)
        {
            ref readonly var block = ref _piece.Source.Block(term.First, i);
            var count = PostingPacker.Unpack(block, _texts, _frequencies, ref _piece.Source.Data(term.First, block));
            for (var j = 0; j < count; j++)
                Add(postings, _texts[j], _frequencies[j]);
        }
    }

    private void Add(PostingsWriter postings, int text, int frequency)
    {
        if ((uint)text < (uint)_newIds.Length && _newIds[text] >= 0)
            postings.Add(_newIds[text], frequency);
    }

    // The terms of a segment are in order already.
    private static int[] TermOrder(PostingSource source)
    {
        var (numbers, hashes, count) = (new int[source.TermNumbers], new ulong[source.TermNumbers], 0);
        for (var number = 0; number < numbers.Length; number++)
        {
            var term = source.TermAt(number);
            if (term.Texts == 0)
                continue;
            (numbers[count], hashes[count]) = (number, term.Hash);
            count++;
        }

        if (source is not MappedKeywords)
            Array.Sort(hashes, numbers, 0, count);
        return numbers[..count];
    }
}
