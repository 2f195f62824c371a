using System.Runtime.InteropServices;
using GenAI.Core.Storage;

namespace GenAI.Core.Indexing;

/// <summary>What goes into a segment from one index of texts.</summary>
/// <param name="Source">The postings, in memory (<see cref="KeywordIndex.Postings"/>) or of another segment. They must not be written to while they are read.</param>
/// <param name="NewIds">For each id of the source, from <paramref name="First"/> on, the id that it has in the segment, ascending from piece to piece as well; -1 for one that is left out.</param>
/// <param name="First">The first id of the source.</param>
internal readonly record struct KeywordPiece(PostingSource Source, ReadOnlyMemory<int> NewIds, long First = 0);

/// <summary>Writes the postings of one column into a segment, from an index in memory or from the segments that it takes the place of. No text is analyzed again.</summary>
/// <remarks>
/// Terms are merged in order of their hashes, and written as they come. In memory are, beside the buffer of one term: 20 bytes for each
/// term, 12 for each id of the segment, and 4 for each text and each term of the sources.
/// </remarks>
internal sealed class KeywordSectionWriter
{
    private readonly SegmentWriter _segment;
    private readonly string _name;
    private readonly int[] _lengths;
    private readonly KeywordPieceReader[] _pieces;
    private readonly CancellationToken _cancellationToken;
    private readonly List<ulong> _hashes = [];
    private readonly List<StoredTerm> _terms = [];
    private readonly PostingsWriter _postings;

    private KeywordSectionWriter(SegmentWriter segment, string name, ReadOnlySpan<KeywordPiece> pieces, int ids, CancellationToken cancellationToken)
    {
        (_segment, _name, _cancellationToken) = (segment, name, cancellationToken);
        _lengths = new int[ids];
        Array.Fill(_lengths, KeywordSections.NoText);
        _pieces = new KeywordPieceReader[pieces.Length];
        for (var i = 0; i < pieces.Length; i++)
            _pieces[i] = new KeywordPieceReader(pieces[i]);
        _postings = new PostingsWriter(_lengths);
    }

    /// <summary>Writes sections of postings.</summary>
    /// <param name="segment">The segment; no section of it may be open.</param>
    /// <param name="name">The name to write under.</param>
    /// <param name="pieces">Where the texts come from.</param>
    /// <param name="ids">The number of ids of the segment; not every one needs to have a text.</param>
    /// <param name="cancellationToken">Stops it between terms; the segment is not to be completed then.</param>
    public static void Write(SegmentWriter segment, string name, ReadOnlySpan<KeywordPiece> pieces, int ids, CancellationToken cancellationToken = default) =>
        new KeywordSectionWriter(segment, name, pieces, ids, cancellationToken).Write();

    private void Write()
    {
        var (texts, length) = ReadLengths();
        WriteArray<int>(KeywordSections.Lengths, _lengths);
        WritePostings();
        WriteArray<ulong>(KeywordSections.Hashes, CollectionsMarshal.AsSpan(_hashes));
        WriteArray<StoredTerm>(KeywordSections.Terms, CollectionsMarshal.AsSpan(_terms));
        WriteArray<long>(KeywordSections.Starts, WriteLists());
        _segment.WriteSection(_name + KeywordSections.Head, new KeywordHead(_lengths.Length, texts, length, _hashes.Count).ToBytes());
    }

    private void WriteArray<T>(string suffix, ReadOnlySpan<T> values)
        where T : unmanaged => _segment.WriteSection(_name + suffix, MemoryMarshal.AsBytes(values));

    private (int Texts, long Length) ReadLengths()
    {
        var (texts, total, last) = (0, 0L, -1);
        foreach (var piece in _pieces)
        {
            foreach (var (text, newId) in piece.Texts())
            {
                if (newId <= last || newId >= _lengths.Length)
                    throw new ArgumentException($"Id {newId} of the new segment comes after {last}; they must ascend and stay below {_lengths.Length}.");
                last = newId;
                _lengths[newId] = piece.LengthOf(text);
                texts++;
                total += _lengths[newId];
            }
        }

        return (texts, total);
    }

    private void WritePostings()
    {
        using var section = _segment.BeginSection(_name + KeywordSections.Postings);
        while (true)
        {
            // Few pieces are merged at a time, so the least hash is looked for among all.
            var hash = ulong.MaxValue;
            var isEnd = true;
            foreach (var piece in _pieces)
            {
                if (!piece.HasTerm)
                    continue;
                hash = Math.Min(hash, piece.Hash);
                isEnd = false;
            }

            if (isEnd)
                break;
            if (_hashes.Count % 1024 == 0)
                _cancellationToken.ThrowIfCancellationRequested();
            _postings.Clear();
            foreach (var piece in _pieces)
            {
                if (piece.HasTerm && piece.Hash == hash)
                    piece.TakeTerm(_postings, _hashes.Count);
            }

            if (_postings.Count == 0)
                continue;
            _hashes.Add(hash);
            _terms.Add(_postings.Write(section));
        }

        section.Write(stackalloc byte[KeywordSections.Slack]);
    }

    private long[] WriteLists()
    {
        using var section = _segment.BeginSection(_name + KeywordSections.Lists);
        var starts = new long[_lengths.Length + 1];
        var (at, next) = (0L, 0);
        byte[]? packed = null;
        foreach (var piece in _pieces)
        {
            foreach (var (text, newId) in piece.Texts())
            {
                starts.AsSpan(next, newId + 1 - next).Fill(at);
                next = newId + 1;
                var length = 0;
                var terms = new TermListReader(piece.TermsOf(text));
                while (terms.MoveNext())
                    TermListReader.Append(ref packed, ref length, piece.NewTermOf(terms.Term), terms.Frequency);
                section.Write(packed.AsSpan(0, length));
                at += length;
            }
        }

        starts.AsSpan(next).Fill(at);
        return starts;
    }
}
