using GenAI.Core.Text;

namespace GenAI.Core.Ingestion;

/// <summary>Finds the document that a new one nearly repeats, among those that are stored and those before it in the run.</summary>
/// <remarks>
/// Documents are looked up by bands of their sketches (P. Indyk and R. Motwani, "Approximate nearest neighbors", 1998), so that time does not grow with
/// their number; then whole sketches are compared. The bands are as wide as lets less than one pair in a hundred at the threshold slip. Not safe for concurrent use.
/// </remarks>
internal sealed class NearDuplicateFinder
{
    private const double MayBeMissed = 0.01;

    private readonly NearDuplicateOptions _options;
    private readonly int _bandLength;
    private readonly List<(string Id, byte[] Sketch)> _documents = [];
    private readonly Dictionary<string, int> _current = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, List<int>> _bands = [];

    private NearDuplicateFinder(NearDuplicateOptions options)
    {
        _options = options;
        _bandLength = BandLength(options.Threshold);
    }

    public static async Task<NearDuplicateFinder> OpenAsync(StoredChunks stored, NearDuplicateOptions options, CancellationToken cancellationToken)
    {
        var finder = new NearDuplicateFinder(options);
        foreach (var head in await stored.HeadsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (head.Sketch is { } sketch)
                finder.Add(head.DocumentId, Convert.FromBase64String(sketch));
        }

        return finder;
    }

    /// <summary>Looks for a document that this one nearly repeats, and remembers it for those that come later unless it is left out.</summary>
    public NearDuplicate? FindFor(PreparedDocument document)
    {
        _current.Remove(document.Id);
        if (document.Sketch is not { } sketch || document.Records.Count == 0)
            return null;

        NearDuplicate? found = null;
        foreach (var candidate in Candidates(sketch))
        {
            var (id, other) = _documents[candidate];
            var similarity = MinHash.Similarity(sketch, other);
            if (similarity >= _options.Threshold && similarity > (found?.Similarity ?? 0))
                found = new NearDuplicate { DocumentId = document.Id, OtherDocumentId = id, Similarity = similarity, WasLeftOut = _options.LeaveOut };
        }

        if (found is not null && _options.LeaveOut)
            document.LeaveOut();
        else
            Add(document.Id, sketch);
        return found;
    }

    private void Add(string id, byte[] sketch)
    {
        _current[id] = _documents.Count;
        foreach (var band in BandsOf(sketch))
        {
            if (!_bands.TryGetValue(band, out var documents))
                _bands[band] = documents = [];
            documents.Add(_documents.Count);
        }

        _documents.Add((id, sketch));
    }

    // In the order in which they came, so that of equally similar ones the first counts. What a newer version replaced is passed over.
    private SortedSet<int> Candidates(byte[] sketch)
    {
        var candidates = new SortedSet<int>();
        foreach (var band in BandsOf(sketch))
        {
            foreach (var document in _bands.GetValueOrDefault(band) ?? [])
            {
                if (_current.TryGetValue(_documents[document].Id, out var current) && current == document)
                    candidates.Add(document);
            }
        }

        return candidates;
    }

    private IEnumerable<ulong> BandsOf(byte[] sketch)
    {
        for (var at = 0; at < MinHash.Length; at += _bandLength)
        {
            var band = (ulong)at;
            for (var i = at; i < at + _bandLength; i++)
                band = TermHash.Combine(band, sketch[i]);
            yield return band;
        }
    }

    private static int BandLength(double threshold)
    {
        for (var length = 16; length > 1; length /= 2)
        {
            if (Math.Pow(1 - Math.Pow(threshold, length), (double)MinHash.Length / length) < MayBeMissed)
                return length;
        }

        return 1;
    }
}
