using System.IO.Hashing;
using System.Runtime.InteropServices;
using GenAI.Core.Tokenization;

namespace GenAI.Core.Embeddings;

/// <summary>Makes vectors with a published model, as the library that publishes them does (https://github.com/MinishLab/model2vec): the mean of the rows of the tokens, in single precision.</summary>
internal sealed class StaticFolderEncoder : StaticEncoder
{
    private readonly HuggingFaceTokenizer _tokenizer;
    private readonly PublishedRows _rows;
    private readonly bool _normalizes;
    private readonly int _maxTokens;
    private readonly long _maxCharacters;
    private readonly int _unknown;
    private readonly Lazy<float[]> _away;

    public StaticFolderEncoder(string path, int maxTokens)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var folder = PublishedFolder.Open(path);
        _tokenizer = HuggingFaceTokenizer.Load(folder.Tokenizer);
        _rows = new PublishedRows(folder, _tokenizer.VocabularySize);
        _normalizes = folder.IsNormalized;
        _maxTokens = maxTokens;
        _maxCharacters = (long)maxTokens * MedianTokenLength();
        _unknown = _tokenizer.ModelUnknownId;
        _away = new Lazy<float[]>(AwayFromRows);
        Fingerprint = new EmbedderFingerprint($"model2vec/{Path.GetFileName(path)}") { ContentHash = Hash(folder), Pooling = "mean", Dimensions = MaxDimensions, IsNormalized = _normalizes };
    }

    public override EmbedderFingerprint Fingerprint { get; }

    public override int MinDimensions => 1;

    public override int MaxDimensions => _rows.RowLength;

    public override double? UnrelatedCosine => null;

    public override IReadOnlyDictionary<string, string> Properties { get; } = new Dictionary<string, string>();

    protected override StaticScratch NewScratch() => new(MaxDimensions) { Encoding = new TokenEncoding(), Row = new float[MaxDimensions] };

    protected override void Embed(ReadOnlySpan<char> text, Span<float> vector, StaticScratch scratch)
    {
        _tokenizer.Encode(Cut(text), scratch.Encoding!, new TokenEncodingOptions { OmitSpecialTokens = true });
        var sums = scratch.Sums.AsSpan(0, vector.Length);
        sums.Clear();
        var count = 0;
        foreach (var id in scratch.Encoding!.Ids)
        {
            if (id == _unknown)
                continue;
            if (count++ == _maxTokens)
                break;
            _rows.Add(id, sums, scratch.Row);
        }

        count = Math.Min(count, _maxTokens);
        var length = Length(sums);
        if (!double.IsFinite(length))
            throw new InvalidDataException($"The model '{Fingerprint.ModelId}' has rows with values that are not finite. Get the folder again from where the model is published.");
        if (count == 0 || length == 0)
        {
            _away.Value.AsSpan(0, vector.Length).CopyTo(sums);
            (count, length) = (1, Length(sums));
            if (length == 0)
                (sums[0], length) = (1, 1);
            for (var i = 0; i < sums.Length; i++)
                vector[i] = (float)(sums[i] / length);
            return;
        }

        var divisor = _normalizes ? length : count;
        for (var i = 0; i < sums.Length; i++)
            vector[i] = (float)(sums[i] / divisor);
    }

    protected override void Release() => _rows.Dispose();

    // The library cuts a text after so many code points before it looks for tokens, to bound what a long text costs.
    private ReadOnlySpan<char> Cut(ReadOnlySpan<char> text)
    {
        if (text.Length <= _maxCharacters)
            return text;
        var (i, left) = (0, _maxCharacters);
        for (; i < text.Length && left > 0; left--)
            i += char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;
        return text[..i];
    }

    private int MedianTokenLength()
    {
        var lengths = Enumerable.Range(0, _tokenizer.VocabularySize).Select(_tokenizer.FindToken).OfType<string>().Select(token => token.EnumerateRunes().Count()).Order().ToList();
        var middle = lengths.Count / 2;
        return lengths.Count == 0 ? 1 : (lengths[middle] + lengths[(lengths.Count - 1) / 2]) / 2;
    }

    // For a text without a token, which cosine cannot compare if its vector is zero as in the library: the direction in which the fewest texts lie.
    private float[] AwayFromRows()
    {
        var (sums, room) = (new float[MaxDimensions], new float[MaxDimensions]);
        for (var row = 0; row < _rows.Count; row++)
            _rows.AddRow(row, -1f / _rows.Count, sums, room);
        return sums;
    }

    private string Hash(PublishedFolder folder)
    {
        var hash = new XxHash128();
        foreach (var path in (string[])[folder.Tensors, folder.Tokenizer])
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20, FileOptions.SequentialScan);
            hash.Append(stream);
        }

        hash.Append(MemoryMarshal.AsBytes<int>([_maxTokens, _normalizes ? 1 : 0]));
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
