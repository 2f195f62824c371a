namespace GenAI.Core.Tokenization;

/// <summary>The tokens of a text or pair of texts: what a model takes in.</summary>
/// <remarks>
/// A buffer to use again: <see cref="HuggingFaceTokenizer.Encode(ReadOnlySpan{char}, TokenEncoding, in TokenEncodingOptions)"/> overwrites
/// it, and allocates only where it must grow. Not safe for use by two threads at once. The spans are valid until the next encoding.
/// </remarks>
public sealed class TokenEncoding
{
    private int[] _ids = [], _typeIds = [], _attention = [];
    private sbyte[] _sequences = [];
    private TextRange[] _ranges = [];
    private bool _hasRanges;

    /// <summary>The number of tokens, with special tokens and padding.</summary>
    public int Count { get; private set; }

    /// <summary>The ids of the tokens.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>Per token, which segment the model should take it for: mostly 0 for the first text and 1 for the second.</summary>
    public ReadOnlySpan<int> TypeIds => _typeIds.AsSpan(0, Count);

    /// <summary>Per token, 1, or 0 if it is padding.</summary>
    public ReadOnlySpan<int> AttentionMask => _attention.AsSpan(0, Count);

    /// <summary>Per token, 0 if it is of the text, 1 if it is of the second text of a pair, and -1 if it is special or padding.</summary>
    public ReadOnlySpan<sbyte> Sequences => _sequences.AsSpan(0, Count);

    /// <summary>
    /// Per token, the range of the original text (or second text) that it stands for, in UTF-16 code units: an empty range at 0 if it is special or
    /// padding. Empty unless <see cref="TokenEncodingOptions.Ranges"/> was set.
    /// </summary>
    public ReadOnlySpan<TextRange> Ranges => _hasRanges ? _ranges.AsSpan(0, Count) : [];

    /// <summary>The number of tokens that there were before truncation, with special tokens and without padding.</summary>
    public int FullCount { get; internal set; }

    /// <summary>The number of tokens that are padding.</summary>
    public int PaddingCount { get; private set; }

    /// <summary>Whether tokens were cut off.</summary>
    public bool IsTruncated => FullCount > Count - PaddingCount;

    /// <summary>Empties the buffer and makes room.</summary>
    internal void Begin(int capacity, bool ranges)
    {
        (Count, PaddingCount, FullCount, _hasRanges) = (0, 0, 0, ranges);
        if (_ids.Length < capacity)
        {
            // Some to spare, so that texts of rising length do not make it grow each time.
            capacity = Math.Max(16, capacity + (capacity >> 2));
            (_ids, _typeIds, _attention, _sequences) = (new int[capacity], new int[capacity], new int[capacity], new sbyte[capacity]);
        }

        if (ranges && _ranges.Length < _ids.Length)
            _ranges = new TextRange[_ids.Length];
    }

    internal void Add(ReadOnlySpan<int> ids, int typeId, int sequence)
    {
        ids.CopyTo(_ids.AsSpan(Count));
        Fill(ids.Length, typeId, attention: 1, sequence);
    }

    internal void AddPadding(int count, TokenPadding padding)
    {
        _ids.AsSpan(Count, count).Fill(padding.Id);
        Fill(count, padding.TypeId, attention: 0, sequence: -1);
        PaddingCount += count;
    }

    internal void SetRange(int index, TextRange range) => _ranges[index] = range;

    private void Fill(int count, int typeId, int attention, int sequence)
    {
        _typeIds.AsSpan(Count, count).Fill(typeId);
        _attention.AsSpan(Count, count).Fill(attention);
        _sequences.AsSpan(Count, count).Fill((sbyte)sequence);
        if (_hasRanges)
            _ranges.AsSpan(Count, count).Clear();
        Count += count;
    }
}
