using System.Diagnostics.CodeAnalysis;

namespace GenAI.Core.Indexing;

/// <summary>The texts of a keyword index: the number that stands for each id, how long it is, and which terms it has.</summary>
/// <remarks>
/// Numbers are small and used again. The terms of a text are kept (about 2.5 bytes each) so that it can be taken out of exactly the
/// lists it is in, and so that relevance feedback can read them.
/// </remarks>
internal sealed class KeywordTexts
{
    private readonly Dictionary<long, int> _numbers = [];
    private readonly Stack<int> _free = [];
    private long[] _ids = new long[64];
    private int[] _lengths = new int[64];
    private byte[]?[] _terms = new byte[64][];
    private int _used;

    /// <summary>The number of texts.</summary>
    public int Count => _numbers.Count;

    /// <summary>The length of all texts together.</summary>
    public long TotalLength { get; private set; }

    /// <summary>The length of each text, by number.</summary>
    public ReadOnlySpan<int> Lengths => _lengths;

    public long IdOf(int number) => _ids[number];

    public bool TryFind(long id, out int number) => _numbers.TryGetValue(id, out number);

    /// <summary>The packed terms of a text; see <see cref="TermListReader"/>.</summary>
    public ReadOnlySpan<byte> TermsOf(int number) => _terms[number];

    /// <summary>Gives a new id a number.</summary>
    public int Add(long id, int length)
    {
        if (!_free.TryPop(out var number))
        {
            if (_used == _ids.Length)
            {
                Array.Resize(ref _ids, _used * 2);
                Array.Resize(ref _lengths, _used * 2);
                Array.Resize(ref _terms, _used * 2);
            }

            number = _used++;
        }

        _numbers.Add(id, number);
        _ids[number] = id;
        _lengths[number] = length;
        TotalLength += length;
        return number;
    }

    public void SetTerms(int number, ReadOnlySpan<byte> terms) => _terms[number] = terms.ToArray();

    /// <summary>Forgets a text; its length stays readable until the number is used again.</summary>
    public void Remove(long id, int number)
    {
        _numbers.Remove(id);
        _terms[number] = null;
        TotalLength -= _lengths[number];
        _free.Push(number);
    }
}

/// <summary>Reads the packed terms of a text: each term's number and frequency, 7 bits to a byte.</summary>
internal ref struct TermListReader(ReadOnlySpan<byte> packed)
{
    private ReadOnlySpan<byte> _packed = packed;

    /// <summary>The number of the term.</summary>
    public int Term { get; private set; }

    /// <summary>How often the term stands in the text.</summary>
    public int Frequency { get; private set; }

    public bool MoveNext()
    {
        if (_packed.IsEmpty)
            return false;
        var value = Read();
        // Most terms stand in a text once: the lowest bit says so, and the frequency is left out.
        Term = (int)(value >> 1);
        Frequency = (value & 1) == 0 ? 1 : (int)Read();
        return true;
    }

    /// <summary>Packs a term behind <paramref name="length"/> bytes of <paramref name="buffer"/>.</summary>
    public static void Append([NotNull] ref byte[]? buffer, ref int length, int term, int frequency)
    {
        if (buffer is null || buffer.Length < length + 16)
            Array.Resize(ref buffer, Math.Max(256, length * 2));
        Write(buffer, ref length, (ulong)term << 1 | (frequency > 1 ? 1u : 0u));
        if (frequency > 1)
            Write(buffer, ref length, (ulong)frequency);
    }

    private static void Write(byte[] buffer, ref int length, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            buffer[length++] = (byte)(value | 0x80);
        buffer[length++] = (byte)value;
    }

    private ulong Read()
    {
        var value = 0UL;
        for (int i = 0, shift = 0; i < _packed.Length; i++, shift += 7)
        {
            value |= (ulong)(_packed[i] & 0x7F) << shift;
            if (_packed[i] < 0x80)
            {
                _packed = _packed[(i + 1)..];
                return value;
            }
        }

        // What was packed ends with a number; a file could end anywhere.
        _packed = default;
        return value;
    }
}
