using System.Text;

namespace GenAI.Core.Tokenization;

/// <summary>The best way to each position of a piece.</summary>
internal sealed class UnigramScratch
{
    public double[] Scores = new double[256];
    public int[] Starts = new int[256], Ids = new int[256];

    /// <summary>Makes room for a piece, nothing reached but its start.</summary>
    public void Reset(int length)
    {
        if (Scores.Length <= length || (Scores.Length > 1 << 20 && length < 1 << 16))
        {
            var size = Math.Max(256, length + 1);
            (Scores, Starts, Ids) = (new double[size], new int[size], new int[size]);
        }

        Starts.AsSpan(0, length + 1).Fill(-1);
        Scores[0] = 0;
    }
}

/// <summary>The unigram language model of SentencePiece: of all ways to cut a piece into tokens, the most probable (Viterbi).</summary>
internal sealed class UnigramModel : TokenModel
{
    // Below the least probable token, as SentencePiece has it.
    private const double UnknownPenalty = 10;

    private readonly double[] _scores;
    private readonly double _unknownScore;
    private readonly int _unknownId;
    private readonly int[]? _fallback;
    private readonly TokenTrie _trie;

    public UnigramModel(IReadOnlyList<KeyValuePair<string, double>> vocabulary, int unknownId, bool fallsBackToBytes)
        : base(new TokenTable([.. vocabulary.Select((token, id) => KeyValuePair.Create(token.Key, id))]))
    {
        _scores = [.. vocabulary.Select(token => token.Value)];
        _unknownScore = (_scores.Length == 0 ? 0 : _scores.Min()) - UnknownPenalty;
        _unknownId = unknownId;
        _trie = new TokenTrie(vocabulary.Select(token => token.Key), Table);
        if (fallsBackToBytes)
        {
            int[] fallback = [.. Enumerable.Range(0, 256).Select(i => Table.Find($"<0x{i:X2}>"))];
            _fallback = fallback;
        }
    }

    public override int UnknownId => _unknownId;

    public override void Tokenize(ReadOnlySpan<char> piece, TokenList tokens, TokenizerScratch work)
    {
        var best = work.Unigram;
        best.Reset(piece.Length);
        for (var start = 0; start < piece.Length;)
        {
            var units = CodePoints.Units(CodePoints.At(piece, start));
            Extend(piece, start, units, best);
            start += units;
        }

        Backtrack(piece, best, tokens);
    }

    private void Extend(ReadOnlySpan<char> piece, int start, int units, UnigramScratch best)
    {
        var (scores, starts, ids) = (best.Scores, best.Starts, best.Ids);
        var score = scores[start];
        var single = false;
        var node = TokenTrie.Root;
        for (var end = start; end < piece.Length && _trie.TryStep(ref node, piece[end], out var id);)
        {
            end++;
            if (id < 0)
                continue;
            var candidate = _scores[id] + score;
            if (starts[end] < 0 || candidate > scores[end])
                (scores[end], starts[end], ids[end]) = (candidate, start, id);
            single |= end - start == units;
        }

        if (!single)
        {
            var end = start + units;
            var candidate = _unknownScore + score;
            if (starts[end] < 0 || candidate > scores[end])
                (scores[end], starts[end], ids[end]) = (candidate, start, _unknownId);
        }
    }

    // Back to front, neighbouring unknowns joined; then turned round by linking each start to its end.
    private void Backtrack(ReadOnlySpan<char> piece, UnigramScratch best, TokenList tokens)
    {
        var (starts, ids) = (best.Starts, best.Ids);
        var next = piece.Length;
        for (var end = piece.Length; end > 0;)
        {
            var (start, id) = (starts[end], ids[end]);
            while (id == _unknownId && start > 0 && ids[start] == _unknownId)
                start = starts[start];
            // The place of a start is read no more: it takes the end.
            (starts[end], ids[end]) = (next, id);
            (next, end) = (end, start);
        }

        for (var (start, end) = (0, next); start < piece.Length;)
        {
            Add(piece, start, end, ids[end], tokens);
            (start, end) = (end, starts[end]);
        }
    }

    private void Add(ReadOnlySpan<char> piece, int start, int end, int id, TokenList tokens)
    {
        if (id != _unknownId)
        {
            tokens.Add(id, start, end);
            return;
        }

        // Joined unknowns may be a token that was not worth it one by one.
        var text = piece[start..end];
        id = Table.Find(text);
        if (id < 0 && _fallback is not null && AddBytes(text, start, end, tokens))
            return;
        tokens.Add(id < 0 ? _unknownId : id, start, end);
    }

    private bool AddBytes(ReadOnlySpan<char> text, int start, int end, TokenList tokens)
    {
        Span<byte> utf8 = stackalloc byte[4];
        var before = tokens.Count;
        foreach (var rune in text.EnumerateRunes())
        {
            var count = rune.EncodeToUtf8(utf8);
            for (var i = 0; i < count; i++)
            {
                if (_fallback![utf8[i]] < 0)
                {
                    tokens.Shrink(before);
                    return false;
                }

                tokens.Add(_fallback[utf8[i]], start, end);
            }
        }

        return true;
    }
}
