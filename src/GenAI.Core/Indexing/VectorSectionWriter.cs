using System.Runtime.InteropServices;
using GenAI.Core.Storage;

namespace GenAI.Core.Indexing;

/// <summary>Writes the vectors of one column into a segment, from an index in memory or from the segments that it takes the place of.</summary>
/// <remarks>
/// Vectors go from where they are straight to the file. Codes are copied where there are some, and so is a graph that comes whole from one
/// index; else it is built in memory, on all processors but one. Beside that, 8 bytes are held for each vector.
/// </remarks>
internal sealed unsafe class VectorSectionWriter : IDisposable
{
    // Handed to a graph at once: enough for all threads, few enough to be cancelled between.
    private const int BatchRows = 512;

    private readonly SegmentWriter _segment;
    private readonly string _name;
    private readonly VectorPiece[] _pieces;
    private readonly VectorRowReader[] _readers;
    private readonly int _ids;
    private readonly DynamicIndexOptions _options;
    private readonly CancellationToken _cancellationToken;
    private readonly List<int> _stored = [];
    private readonly List<float> _factors = [];
    private readonly List<(int Row, float[] Vector)> _originals = [];

    private VectorSectionWriter(SegmentWriter segment, string name, ReadOnlySpan<VectorPiece> pieces, int ids, DynamicIndexOptions options, CancellationToken cancellationToken)
    {
        (_segment, _name, _pieces, _ids, _options, _cancellationToken) = (segment, name, pieces.ToArray(), ids, options, cancellationToken);
        _readers = new VectorRowReader[pieces.Length];
        for (var i = 0; i < pieces.Length; i++)
            _readers[i] = pieces[i].Index.ReadRows();
    }

    private VectorMetric Metric => _pieces[0].Index.Metric;

    private int Dimensions => _pieces[0].Index.Dimensions;

    /// <summary>Writes sections of vectors.</summary>
    /// <param name="segment">The segment; no section of it may be open.</param>
    /// <param name="name">The name to write under.</param>
    /// <param name="pieces">Where the vectors come from, one or more, all of one metric and number of dimensions.</param>
    /// <param name="ids">The number of ids of the segment; not every one needs to have a vector.</param>
    /// <param name="options">From how many vectors on there is a graph, and of what kind; null for the defaults.</param>
    /// <param name="cancellationToken">Stops it between batches of vectors; the segment is not to be completed then.</param>
    public static void Write(
        SegmentWriter segment, string name, ReadOnlySpan<VectorPiece> pieces, int ids, DynamicIndexOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var writer = new VectorSectionWriter(segment, name, pieces, ids, options ?? new DynamicIndexOptions(), cancellationToken);
        writer.Write();
    }

    public void Dispose()
    {
        foreach (var reader in _readers)
            reader?.Dispose();
    }

    private void Write()
    {
        WriteValues();
        if (Metric == VectorMetric.Cosine)
            WriteArray<float>(VectorSections.Factors, CollectionsMarshal.AsSpan(_factors));
        if (_stored.Count < _ids)
            WriteArray<int>(VectorSections.Ids, CollectionsMarshal.AsSpan(_stored));
        if (_originals.Count > 0)
            WriteOriginals();

        var head = Metric is not (VectorMetric.Manhattan or VectorMetric.Hamming) && _stored.Count >= _options.GraphThreshold ? WriteGraph() : WriteExact();
        _segment.WriteSection(_name + VectorSections.Head, head.ToBytes());
    }

    private void WriteValues()
    {
        using var section = _segment.BeginSection(_name + VectorSections.Values);
        var last = -1;
        foreach (var (newId, vector) in Rows())
        {
            if (newId <= last || newId >= _ids)
                throw new ArgumentException($"Id {newId} of the new segment comes after {last}; they must ascend and stay below {_ids}.");
            last = newId;
            if (vector.Original.Length > 0)
                _originals.Add((_stored.Count, vector.Original.ToArray()));
            _stored.Add(newId);
            _factors.Add(vector.Factor);
            section.Write(MemoryMarshal.AsBytes(vector.Values));
        }
    }

    private void WriteArray<T>(string suffix, ReadOnlySpan<T> values)
        where T : unmanaged => _segment.WriteSection(_name + suffix, MemoryMarshal.AsBytes(values));

    private void WriteOriginals()
    {
        using var section = _segment.BeginSection(_name + VectorSections.Originals);
        foreach (var (row, _) in _originals)
            section.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in row)));
        foreach (var (_, vector) in _originals)
            section.Write(MemoryMarshal.AsBytes(vector.AsSpan()));
    }

    private VectorHead WriteExact()
    {
        var isCoded = _stored.Count > 0 && ExactIndex.WantsCodes((_options.Exact ?? new ExactIndexOptions()).Codes, Metric, Dimensions, _stored.Count);
        if (isCoded)
            WriteCodes();
        return new VectorHead { Kind = VectorIndexKind.Exact, Metric = Metric, Dimensions = Dimensions, Rows = _stored.Count, Ids = _ids, IsCoded = isCoded, Originals = _originals.Count };
    }

    private void WriteCodes()
    {
        using var section = _segment.BeginSection(_name + VectorSections.Codes);
        using var memory = new IndexMemory();
        var codes = new CodeBlocks(Dimensions, Metric != VectorMetric.Cosine, memory);
        codes.EnsureCapacity(NibbleKernels.GroupRows, version: 1);
        var group = new Span<byte>(codes.Group(0), codes.GroupBytes);
        group.Clear();
        var lane = 0;
        foreach (var (_, vector) in Rows())
        {
            if (vector.Code is null)
                codes.Write(lane, vector.Values);
            else
                Copy(vector.Code, (int*)codes.Group(0) + lane, codes.GroupBytes);
            if (++lane < NibbleKernels.GroupRows)
                continue;
            section.Write(group);
            group.Clear();
            lane = 0;
        }

        if (lane > 0)
            section.Write(group);
    }

    private static void Copy(int* source, int* target, int groupBytes)
    {
        for (var i = 0; i < groupBytes / sizeof(int); i += NibbleKernels.GroupRows)
            target[i] = source[i];
    }

    private VectorHead WriteGraph()
    {
        var whole = _pieces.Length == 1 && _readers[0].WholeGraph is { } there && there.Count == _stored.Count ? there : null;
        using var built = whole is null ? Build() : null;
        var graph = whole ?? built!;
        var (order, places) = whole is null ? (null, null) : Renumber();
        var (rows, state) = (graph.Rows, graph.State);
        WriteRows(VectorSections.Upper, rows.Upper, order);
        WriteRows(VectorSections.Lower, rows.Lower, order);
        if (rows.Signs is not null)
            WriteRows(VectorSections.Signs, rows.Signs, order);
        WriteLinks(rows, order, places);
        return new VectorHead
        {
            Kind = VectorIndexKind.Graph,
            Metric = Metric,
            Dimensions = Dimensions,
            Rows = _stored.Count,
            Ids = _ids,
            IsCoded = rows.Signs is not null,
            Originals = _originals.Count,
            MaxLinks = rows.MaxLinks,
            Breadth = state.Breadth,
            Unit = graph.Codes.Unit,
            Centre = graph.Codes.Centre ?? [],
            Entries = places is null ? state.Entries : Array.ConvertAll(state.Entries, entry => places[entry]),
        };
    }

    // Where the graph has each row of the segment, and the other way round.
    private (int[] Order, int[] Places) Renumber()
    {
        var (order, places) = (new int[_stored.Count], new int[_stored.Count]);
        var row = 0;
        foreach (var (_, vector) in Rows())
        {
            order[row] = vector.Row;
            places[vector.Row] = row++;
        }

        return (order, places);
    }

    private GraphIndex Build()
    {
        var given = _options.Graph ?? new GraphIndexOptions();
        var graph = new GraphIndex(Dimensions, Metric, new GraphIndexOptions
        {
            MaxNeighbors = given.MaxNeighbors,
            BuildBreadth = given.BuildBreadth,
            Seed = given.Seed,
            InitialCapacity = _stored.Count,
            MaxDegreeOfParallelism = given.MaxDegreeOfParallelism > 0 ? given.MaxDegreeOfParallelism : Math.Max(1, Environment.ProcessorCount - 1),
        });
        try
        {
            var (ids, vectors, row) = (new long[BatchRows], new float[BatchRows * Dimensions], 0);
            foreach (var (_, vector) in Rows())
            {
                ids[row % BatchRows] = row;
                (vector.Original.IsEmpty ? vector.Values : vector.Original).CopyTo(vectors.AsSpan(row % BatchRows * Dimensions, Dimensions));
                row++;
                if (row % BatchRows == 0)
                    graph.Upsert(ids, vectors);
            }

            graph.Upsert(ids.AsSpan(0, row % BatchRows), vectors.AsSpan(0, row % BatchRows * Dimensions));
            return graph;
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    private void WriteRows(string suffix, NativeRows rows, int[]? order)
    {
        using var section = _segment.BeginSection(_name + suffix);
        for (var row = 0; row < _stored.Count; row++)
            section.Write(new ReadOnlySpan<byte>(rows[order is null ? row : order[row]], rows.Stride));
    }

    private void WriteLinks(GraphRows rows, int[]? order, int[]? places)
    {
        using var section = _segment.BeginSection(_name + VectorSections.Links);
        var links = new int[rows.MaxLinks];
        for (var row = 0; row < _stored.Count; row++)
        {
            var source = rows.LinksOf(order is null ? row : order[row]);
            var count = 0;
            for (var i = 0; i < links.Length && source[i] >= 0; i++)
            {
                // What a file says is a link and leads behind its rows is not followed in a search either.
                if (source[i] < _stored.Count)
                    links[count++] = places is null ? source[i] : places[source[i]];
            }

            links.AsSpan(count).Fill(GraphRows.NoLink);
            section.Write(MemoryMarshal.AsBytes(links.AsSpan()));
        }
    }

    /// <summary>The vectors of all pieces, with the ids that they have in the segment.</summary>
    private RowEnumerator Rows() => new(this);

    private ref struct RowEnumerator(VectorSectionWriter writer)
    {
        private int _piece;
        private int _place = -1;
        private StoredVector _vector;
        private int _newId;

        public readonly RowEnumerator GetEnumerator() => this;

        public readonly NumberedVector Current => new(_newId, _vector);

        public bool MoveNext()
        {
            for (; _piece < writer._pieces.Length; _piece++, _place = -1)
            {
                var piece = writer._pieces[_piece];
                var newIds = piece.NewIds.Span;
                while (++_place < newIds.Length)
                {
                    if (_place % BatchRows == 0)
                        writer._cancellationToken.ThrowIfCancellationRequested();
                    _newId = newIds[_place];
                    if (_newId >= 0 && writer._readers[_piece].TryRead(piece.First + _place, out _vector))
                        return true;
                }
            }

            return false;
        }
    }

    private readonly ref struct NumberedVector(int newId, StoredVector vector)
    {
        private readonly StoredVector _vector = vector;

        public void Deconstruct(out int id, out StoredVector stored)
        {
            id = newId;
            stored = _vector;
        }
    }
}
