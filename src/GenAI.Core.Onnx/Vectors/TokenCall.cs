using GenAI.Core.Onnx.Running;
using GenAI.Core.Tokenization;

namespace GenAI.Core.Onnx.Vectors;

/// <summary>The windows of one text whose tokens' vectors are wanted.</summary>
/// <param name="windows">The windows.</param>
/// <param name="overlap">How many of the text's tokens two neighbouring windows share.</param>
/// <param name="cancellationToken">Stops the wait.</param>
internal sealed class TokenCall(IReadOnlyList<TokenEncoding> windows, int overlap, CancellationToken cancellationToken) : WorkCall(cancellationToken)
{
    private readonly float[][] _vectors = new float[windows.Count][];
    private int _width;

    public override void Receive(WorkItem item, in RowOutput output)
    {
        Volatile.Write(ref _width, output.Width);
        _vectors[item.Index] = output.Values.ToArray();
    }

    /// <summary>The text's tokens, each once, from the window in which it stands farthest from an end.</summary>
    public TokenEmbeddings Joined(Pooler pooler, bool normalize)
    {
        var best = new List<(int Window, int Row, int Margin)>();
        var step = windows.Count == 0 ? 0 : Texts(windows[0]) - overlap;
        for (var window = 0; window < windows.Count; window++)
        {
            var sequences = windows[window].Sequences;
            var token = window * step;
            for (var row = 0; row < sequences.Length; row++)
            {
                if (sequences[row] < 0)
                    continue;
                var margin = Math.Min(row, sequences.Length - 1 - row);
                if (token == best.Count)
                    best.Add((window, row, margin));
                else if (best[token].Margin < margin)
                    best[token] = (window, row, margin);
                token++;
            }
        }

        var vectors = new float[best.Count * _width];
        var ranges = new TextRange[best.Count];
        for (var i = 0; i < ranges.Length; i++)
        {
            _vectors[best[i].Window].AsSpan(best[i].Row * _width, _width).CopyTo(vectors.AsSpan(i * _width));
            ranges[i] = windows[best[i].Window].Ranges[best[i].Row];
        }

        return new TokenEmbeddings(vectors, ranges, pooler, normalize);
    }

    private static int Texts(TokenEncoding encoding)
    {
        var texts = 0;
        foreach (var sequence in encoding.Sequences)
            texts += sequence < 0 ? 0 : 1;
        return texts;
    }
}
