using System.Text;

namespace GenAI.Core.Tokenization;

/// <summary>What a byte-pair model is made of, besides its vocabulary.</summary>
internal sealed record BpeSettings
{
    public string Prefix { get; init; } = "";

    public string Suffix { get; init; } = "";

    public int UnknownId { get; init; } = -1;

    public bool FusesUnknown { get; init; }

    public bool FallsBackToBytes { get; init; }

    public bool IgnoresMerges { get; init; }
}

/// <summary>Byte-pair encoding: the characters of a piece, merged two by two in the order in which the merges were learned.</summary>
internal sealed class BpeModel : TokenModel
{
    private readonly PairTable _merges;
    private readonly BpeSettings _settings;
    private readonly int[]? _fallback; // the token of each byte, where there is a fallback to bytes
    private readonly int[][]? _bytes; // where pieces come as plain text: the token of each byte in the middle, first, last, and alone

    /// <param name="table">The vocabulary.</param>
    /// <param name="merges">The merges.</param>
    /// <param name="settings">The rest.</param>
    /// <param name="takesBytes">Whether pieces may come as plain text; they do if the vocabulary has every byte (see <see cref="TakesBytes"/>).</param>
    public BpeModel(TokenTable table, PairTable merges, BpeSettings settings, bool takesBytes)
        : base(table)
    {
        (_merges, _settings) = (merges, settings);
        if (settings.FallsBackToBytes)
        {
            _fallback = [.. Enumerable.Range(0, 256).Select(i => table.Find($"<0x{i:X2}>"))];
        }

        if (takesBytes && !settings.FallsBackToBytes)
        {
            var bytes = new int[4][];
            for (var place = 0; place < 4; place++)
            {
                var (before, after) = ((place & 1) == 0 ? settings.Prefix : "", (place & 2) != 0 ? settings.Suffix : "");
                bytes[place] = [.. ByteLevel.Characters.Select(c => table.Find(before + c + after))];
            }

            // Without all 256, what is unknown would have to be as the reference has it in the characters of the bytes.
            _bytes = bytes.Any(ids => ids.AsSpan().Contains(-1)) ? null : bytes;
        }
    }

    public override bool TakesBytes => _bytes is not null;

    public override int UnknownId => _settings.UnknownId;

    public override void Tokenize(ReadOnlySpan<char> piece, TokenList tokens, TokenizerScratch work)
    {
        if (_settings.IgnoresMerges && FindWhole(piece) is var whole and >= 0)
        {
            tokens.Add(whole, 0, piece.Length);
            return;
        }

        var symbols = work.Bpe;
        symbols.Clear();
        if (_bytes is not null)
            AddBytes(piece, symbols);
        else
            AddCharacters(piece, symbols);
        symbols.Merge(_merges);
        if (!tokens.HasRanges)
        {
            tokens.Add(symbols.Ids.AsSpan(0, symbols.Count));
            return;
        }

        // Bytes to characters: a token begins with the character of its first byte and ends with that of its last.
        var (at, unit) = (0, 0);
        for (var i = 0; i < symbols.Count; i++)
        {
            Walk(piece, 0, ref at, ref unit);
            var start = unit;
            var (lastAt, last) = (at, unit);
            Walk(piece, symbols.Lengths[i] - 1, ref lastAt, ref last);
            tokens.Add(symbols.Ids[i], start, last >= piece.Length ? piece.Length : last + CodePoints.Units(CodePoints.At(piece, last)));
            Walk(piece, symbols.Lengths[i], ref at, ref unit);
        }
    }

    // Moves on by bytes; at counts how many bytes of the character at unit are behind.
    private static void Walk(ReadOnlySpan<char> piece, int bytes, ref int at, ref int unit)
    {
        at += bytes;
        while (unit < piece.Length)
        {
            var codePoint = CodePoints.At(piece, unit);
            if (at < CodePoints.Bytes(codePoint))
                return;
            at -= CodePoints.Bytes(codePoint);
            unit += CodePoints.Units(codePoint);
        }
    }

    private int FindWhole(ReadOnlySpan<char> piece)
    {
        if (_bytes is null)
            return Table.Find(piece);
        Span<char> characters = stackalloc char[256];
        Span<byte> utf8 = stackalloc byte[256];
        if (piece.Length > 85 || Encoding.UTF8.GetBytes(piece, utf8) is var count && count > Table.MaxLength)
            return -1;
        for (var i = 0; i < count; i++)
            characters[i] = ByteLevel.Characters[utf8[i]];
        return Table.Find(characters[..count]);
    }

    private void AddBytes(ReadOnlySpan<char> piece, BpeScratch symbols)
    {
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < piece.Length;)
        {
            var codePoint = CodePoints.At(piece, i);
            var units = CodePoints.Units(codePoint);
            var count = codePoint < 0x80 ? 1 : new Rune(codePoint).EncodeToUtf8(utf8);
            if (count == 1)
                utf8[0] = (byte)codePoint;
            for (var k = 0; k < count; k++)
            {
                var place = (i == 0 && k == 0 ? 1 : 0) | (i + units == piece.Length && k + 1 == count ? 2 : 0);
                symbols.Add(_bytes![place][utf8[k]], 1);
            }

            i += units;
        }
    }

    private void AddCharacters(ReadOnlySpan<char> piece, BpeScratch symbols)
    {
        var unknown = 0; // bytes of unknown characters that are not yet added
        var decorated = _settings.Prefix.Length + _settings.Suffix.Length > 0;
        Span<char> buffer = decorated ? new char[_settings.Prefix.Length + 2 + _settings.Suffix.Length] : [];
        for (var i = 0; i < piece.Length;)
        {
            var units = CodePoints.Units(CodePoints.At(piece, i));
            var symbol = piece.Slice(i, units);
            var bytes = CodePoints.Bytes(CodePoints.At(piece, i));
            if (decorated)
                symbol = Decorate(symbol, i == 0, i + units == piece.Length, buffer);
            i += units;
            if (Table.Find(symbol) is var id and >= 0)
            {
                AddUnknown(symbols, ref unknown);
                symbols.Add(id, bytes);
            }
            else if (_fallback is null || !AddFallback(symbol, symbols))
            {
                if (_settings.UnknownId < 0)
                    continue;
                if (!_settings.FusesUnknown)
                    AddUnknown(symbols, ref unknown);
                unknown += bytes;
            }
        }

        AddUnknown(symbols, ref unknown);
    }

    private ReadOnlySpan<char> Decorate(ReadOnlySpan<char> symbol, bool first, bool last, Span<char> buffer)
    {
        var length = 0;
        if (!first)
        {
            _settings.Prefix.CopyTo(buffer);
            length = _settings.Prefix.Length;
        }

        symbol.CopyTo(buffer[length..]);
        length += symbol.Length;
        if (last)
        {
            _settings.Suffix.CopyTo(buffer[length..]);
            length += _settings.Suffix.Length;
        }

        return buffer[..length];
    }

    private void AddUnknown(BpeScratch symbols, ref int bytes)
    {
        if (bytes > 0)
            symbols.Add(_settings.UnknownId, bytes);
        bytes = 0;
    }

    // What was unknown before stays pending, as in the reference: it is added only before the next known character.
    private bool AddFallback(ReadOnlySpan<char> symbol, BpeScratch symbols)
    {
        Span<byte> utf8 = stackalloc byte[Encoding.UTF8.GetMaxByteCount(symbol.Length)];
        var count = Encoding.UTF8.GetBytes(symbol, utf8);
        foreach (var value in utf8[..count])
        {
            if (_fallback![value] < 0)
                return false;
        }

        foreach (var value in utf8[..count])
            symbols.Add(_fallback![value], 1);
        return true;
    }
}
