using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GenAI.Core.Indexing;

/// <summary>What the texts that were removed from a segment added to its statistics: how many, how long, and how many had each term.</summary>
/// <remarks>
/// What was removed before it was last stored is an array ordered by term, and what was since is beside it. So opening reads 8 bytes for each term that removed texts had,
/// however many texts those were, and none of them has to be looked at again.
/// </remarks>
internal sealed class KeywordRemovals
{
    private const int HeadBytes = 12;
    private const int EntryBytes = 8;

    private readonly Dictionary<int, int> _since = [];
    private readonly int[] _terms;
    private readonly int[] _texts;
    private byte[]? _bytes;

    /// <summary>Nothing was removed.</summary>
    public KeywordRemovals() => (_terms, _texts) = ([], []);

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="ArgumentException">It did not write that.</exception>
    public KeywordRemovals(ReadOnlySpan<byte> stored)
    {
        if (stored.Length < HeadBytes || (stored.Length - HeadBytes) % EntryBytes != 0)
            throw new ArgumentException($"{stored.Length} bytes are not what is known of removed texts.", nameof(stored));
        (Texts, TotalLength) = (BinaryPrimitives.ReadInt32LittleEndian(stored), BinaryPrimitives.ReadInt64LittleEndian(stored[sizeof(int)..]));
        _terms = new int[(stored.Length - HeadBytes) / EntryBytes];
        _texts = new int[_terms.Length];
        for (var i = 0; i < _terms.Length; i++)
        {
            var entry = stored.Slice(HeadBytes + i * EntryBytes, EntryBytes);
            (_terms[i], _texts[i]) = (BinaryPrimitives.ReadInt32LittleEndian(entry), BinaryPrimitives.ReadInt32LittleEndian(entry[sizeof(int)..]));
            if (_terms[i] < 0 || _texts[i] < 1 || _texts[i] > Texts || (i > 0 && _terms[i] <= _terms[i - 1]))
                throw new ArgumentException($"{_texts[i]} of {Texts} removed texts cannot have had term {_terms[i]}.", nameof(stored));
        }

        if (Texts < 0 || TotalLength < 0)
            throw new ArgumentException($"{Texts} texts cannot be {TotalLength} long.", nameof(stored));
        _bytes = stored.ToArray();
    }

    /// <summary>The number of texts that were removed.</summary>
    public int Texts { get; private set; }

    /// <summary>Their length together.</summary>
    public long TotalLength { get; private set; }

    /// <summary>How many texts with a term were removed.</summary>
    public int TextsWith(int term)
    {
        var place = Array.BinarySearch(_terms, term);
        return (place < 0 ? 0 : _texts[place]) + _since.GetValueOrDefault(term);
    }

    /// <summary>Adds a text.</summary>
    /// <param name="length">Its length.</param>
    /// <param name="terms">Its packed terms; see <see cref="TermListReader"/>.</param>
    public void Add(int length, ReadOnlySpan<byte> terms)
    {
        _bytes = null;
        Texts++;
        TotalLength += length;
        var reader = new TermListReader(terms);
        while (reader.MoveNext())
            CollectionsMarshal.GetValueRefOrAddDefault(_since, reader.Term, out _)++;
    }

    /// <summary>Everything, to be stored. Nobody may add meanwhile.</summary>
    public byte[] ToBytes()
    {
        if (_bytes is not null)
            return _bytes;
        var all = new Dictionary<int, int>(_since);
        for (var i = 0; i < _terms.Length; i++)
            CollectionsMarshal.GetValueRefOrAddDefault(all, _terms[i], out _) += _texts[i];

        var terms = all.Keys.Order().ToArray();
        var bytes = new byte[HeadBytes + terms.Length * EntryBytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Texts);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(int)), TotalLength);
        for (var i = 0; i < terms.Length; i++)
        {
            var entry = bytes.AsSpan(HeadBytes + i * EntryBytes, EntryBytes);
            BinaryPrimitives.WriteInt32LittleEndian(entry, terms[i]);
            BinaryPrimitives.WriteInt32LittleEndian(entry[sizeof(int)..], all[terms[i]]);
        }

        return _bytes = bytes;
    }
}
