namespace GenAI.Core.Tokenization;

/// <summary>The vocabulary, and how a piece of text is cut into tokens of it.</summary>
internal abstract class TokenModel(TokenTable table)
{
    public TokenTable Table => table;

    /// <summary>Whether pieces come as plain text and the model takes their bytes, where otherwise they would come in the characters of the bytes.</summary>
    public virtual bool TakesBytes => false;

    /// <summary>The id for what is not in the vocabulary, or -1.</summary>
    public virtual int UnknownId => -1;

    /// <summary>Appends the tokens of a piece, with ranges in UTF-16 units of the piece if the list has ranges.</summary>
    public abstract void Tokenize(ReadOnlySpan<char> piece, TokenList tokens, TokenizerScratch work);
}

/// <summary>A piece is a token, or unknown.</summary>
internal sealed class WordLevelModel(TokenTable table, int unknownId) : TokenModel(table)
{
    public override int UnknownId => unknownId;

    public override void Tokenize(ReadOnlySpan<char> piece, TokenList tokens, TokenizerScratch work) =>
        tokens.Add(Table.Find(piece) is var id and >= 0 ? id : unknownId, 0, piece.Length);
}

/// <summary>A piece is the longest token that it begins with, and so on; or unknown as a whole.</summary>
internal sealed class WordPieceModel : TokenModel
{
    private readonly TokenTable _continuations;
    private readonly int _unknownId, _maxCharacters;

    /// <param name="tokens">Tokens and ids.</param>
    /// <param name="prefix">What tokens inside of a word begin with.</param>
    /// <param name="unknownId">The id for words that the vocabulary does not cover.</param>
    /// <param name="maxCharacters">Words of more code points are unknown.</param>
    public WordPieceModel(IReadOnlyCollection<KeyValuePair<string, int>> tokens, string prefix, int unknownId, int maxCharacters)
        : base(new TokenTable(tokens))
    {
        _continuations = new TokenTable([.. tokens.Where(token => token.Key.StartsWith(prefix, StringComparison.Ordinal))], prefix.Length);
        (_unknownId, _maxCharacters) = (unknownId, maxCharacters);
    }

    public override int UnknownId => _unknownId;

    public override void Tokenize(ReadOnlySpan<char> piece, TokenList tokens, TokenizerScratch work)
    {
        var before = tokens.Count;
        if (piece.Length <= _maxCharacters || CodePoints.Count(piece) <= _maxCharacters)
        {
            var start = 0;
            while (start < piece.Length && Longest(piece[start..], start == 0 ? Table : _continuations, out var length) is var id and >= 0)
            {
                tokens.Add(id, start, start + length);
                start += length;
            }

            if (start == piece.Length)
                return;
        }

        tokens.Shrink(before);
        tokens.Add(_unknownId, 0, piece.Length);
    }

    private static int Longest(ReadOnlySpan<char> text, TokenTable table, out int length)
    {
        var most = Math.Min(text.Length, Math.Min(table.MaxLength, 256));
        Span<uint> hashes = stackalloc uint[most + 1];
        hashes[0] = TokenTable.HashSeed;
        for (var i = 0; i < most; i++)
            hashes[i + 1] = TokenTable.Extend(hashes[i], text[i]);
        for (length = most; length > 0; length--)
        {
            if (table.Find(text[..length], hashes[length]) is var id and >= 0)
                return id;
        }

        return -1;
    }
}
