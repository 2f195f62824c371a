using System.Runtime.CompilerServices;

namespace GenAI.Core.Embeddings;

/// <summary>Makes vectors with a model of our own format.</summary>
/// <remarks>
/// The rows of the tokens, each once, times its weight and a power of how often it stands there, are added up and made as long as <see cref="Known"/> leaves room for. Known texts have
/// <see cref="Known"/> as their first component and a text without a token has -1 there and zeros behind: the cosine of two known texts is 1/4 + 3/4 of that of the rest, -1/2 at the
/// least, and with a text without a token it is -1/2, whatever the other is.
/// </remarks>
internal sealed unsafe class StaticFileEncoder : StaticEncoder
{
    private const float Known = 0.5f;

    // The length of the rest of a known text's vector.
    private static readonly double Rest = Math.Sqrt(1 - (double)Known * Known);

    private readonly StaticModelFile _file;

    public StaticFileEncoder(string path)
    {
        _file = StaticModelFile.Open(path);
        Fingerprint = new EmbedderFingerprint($"{_file.Name}-{_file.Version}") { ContentHash = _file.ContentHash, Pooling = "weighted-sum", Dimensions = MaxDimensions, IsNormalized = true };
    }

    public override EmbedderFingerprint Fingerprint { get; }

    public override int MinDimensions => 2;

    public override int MaxDimensions => _file.RowLength + 1;

    public override double? UnrelatedCosine => Known * Known;

    public override IReadOnlyDictionary<string, string> Properties => _file.Properties;

    protected override StaticScratch NewScratch() => new(StaticModelFormat.Stride(_file.RowLength)) { Tokens = new StaticTokens(_file.Vocabulary.Count) };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Embed(ReadOnlySpan<char> text, Span<float> vector, StaticScratch scratch)
    {
        var tokens = scratch.Tokens!;
        _file.Vocabulary.Tokenize(text, tokens);
        var components = vector.Length - 1;
        var sums = scratch.Sums.AsSpan(0, StaticModelFormat.Stride(components));
        sums.Clear();
        AddRows(tokens, sums);

        sums = sums[..components];
        var length = Length(sums);
        if (length == 0)
        {
            vector.Clear();
            vector[0] = -1;
            return;
        }

        vector[0] = Known;
        var factor = Rest / length;
        for (var i = 0; i < sums.Length; i++)
            vector[i + 1] = (float)(sums[i] * factor);
    }

    protected override void Release() => _file.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRows(StaticTokens tokens, Span<float> sums)
    {
        var ids = tokens.Ids;
        var counts = tokens.Counts;
        var multipliers = _file.Multipliers;
        var rows = _file.Rows;
        var stride = (long)StaticModelFormat.Stride(_file.RowLength);
        fixed (float* start = sums)
        {
            for (var i = 0; i < ids.Length; i++)
            {
                var multiplier = multipliers[ids[i]];
                if (counts[i] != 1)
                    multiplier = (float)(multiplier * Power(counts[i]));
                RowKernels.Add(rows + ids[i] * stride, sums.Length, multiplier, start);
            }
        }
    }

    private double Power(int count) => _file.CountQuarters switch
    {
        0 => 1,
        1 => Math.Sqrt(Math.Sqrt(count)),
        2 => Math.Sqrt(count),
        3 => Math.Sqrt(count * Math.Sqrt(count)),
        _ => count,
    };
}
