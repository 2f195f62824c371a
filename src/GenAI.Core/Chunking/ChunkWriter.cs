using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace GenAI.Core.Chunking;

/// <summary>Makes the chunks of one document, in order, and tells repeated texts apart.</summary>
internal sealed class ChunkWriter(Document document)
{
    // By a 64-bit hash of the text. Should two texts share one, the second is counted as a repetition, which makes its id no less unique.
    private Dictionary<ulong, int>? _seen;
    private ulong _first;
    private int _ordinal;

    public Chunk Write(in TextPiece piece, IReadOnlyList<string>? headings = null, string? context = null)
    {
        var range = TextRange.FromBounds(piece.Start, piece.End);
        var chunk = Chunk.Create(document, range, _ordinal, OccurrenceOf(range), piece.TokenCount, piece.OverlapLength, headings, context);
        _ordinal++;
        return chunk;
    }

    private int OccurrenceOf(TextRange range)
    {
        var hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(range.Of(document.Text.AsSpan())));
        if (_ordinal == 0)
        {
            _first = hash;
            return 0;
        }

        _seen ??= new() { [_first] = 1 };
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_seen, hash, out _);
        return count++;
    }
}
