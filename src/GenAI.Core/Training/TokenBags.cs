using GenAI.Core.Embeddings;

namespace GenAI.Core.Training;

/// <summary>The tokens of many texts, one after the other: each text's distinct ids, and how often each came.</summary>
internal sealed class TokenBags
{
    private int[] _ids = new int[1 << 16];
    private byte[] _counts = new byte[1 << 16];
    private readonly List<int> _starts = [0];

    /// <summary>The number of texts.</summary>
    public int Count => _starts.Count - 1;

    /// <summary>The number of tokens of all texts.</summary>
    public int Tokens => _starts[^1];

    /// <summary>Adds a text and returns its index.</summary>
    public int Add(StaticTokens tokens)
    {
        var start = Tokens;
        if (start + tokens.Count > _ids.Length)
        {
            var size = Math.Max(start + tokens.Count, (int)Math.Min(Array.MaxLength, _ids.Length * 2L));
            Array.Resize(ref _ids, size);
            Array.Resize(ref _counts, size);
        }

        tokens.Ids.CopyTo(_ids.AsSpan(start));
        for (var i = 0; i < tokens.Count; i++)
            _counts[start + i] = (byte)Math.Min(tokens.Counts[i], byte.MaxValue);
        _starts.Add(start + tokens.Count);
        return Count - 1;
    }

    public ReadOnlySpan<int> IdsOf(int text) => _ids.AsSpan(_starts[text], _starts[text + 1] - _starts[text]);

    public ReadOnlySpan<byte> CountsOf(int text) => _counts.AsSpan(_starts[text], _starts[text + 1] - _starts[text]);

    /// <summary>Adds everything to a hash.</summary>
    public void AddTo(System.IO.Hashing.XxHash128 hash)
    {
        hash.Append(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_ids.AsSpan(0, Tokens)));
        hash.Append(_counts.AsSpan(0, Tokens));
        hash.Append(System.Runtime.InteropServices.MemoryMarshal.AsBytes(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_starts)));
    }
}
