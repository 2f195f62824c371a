using System.Collections.ObjectModel;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace GenAI.Core.VectorStores;

/// <summary>Turns chunks into the records that are stored, and back.</summary>
internal static class ChunkRecords
{
    // Names how records are made of chunks; to be changed when that changes, so that documents are stored anew.
    private const string Layout = "2";

    /// <summary>The record of a chunk, without its key, its hashes and its embedding.</summary>
    public static ChunkRecord ToRecord(Chunk chunk)
    {
        var header = Header(chunk);
        return new ChunkRecord
        {
            DocumentId = chunk.DocumentId,
            Ordinal = chunk.Ordinal,
            Start = chunk.Range.Start,
            Content = header.Length == 0 ? chunk.Text : string.Concat(header, chunk.Text),
            TextStart = header.Length,
            Headings = chunk.Headings as string[] ?? [.. chunk.Headings],
            Title = chunk.Title,
            Context = chunk.Context,
            Source = chunk.Source is { IsAbsoluteUri: true } absolute ? absolute.AbsoluteUri : chunk.Source?.OriginalString,
            Tags = Tags(chunk.Metadata),
            TokenCount = chunk.TokenCount,
            OverlapLength = chunk.OverlapLength,
            ContentHash = chunk.ContentHash,
        };
    }

    /// <summary>The chunk of a record.</summary>
    public static Chunk ToChunk(ChunkRecord record)
    {
        var text = record.TextStart == 0 ? record.Content : record.Content[record.TextStart..];
        return new Chunk
        {
            Id = record.Key.ToString("N"),
            DocumentId = record.DocumentId,
            Range = new TextRange(record.Start, text.Length),
            Text = text,
            Ordinal = record.Ordinal,
            Headings = record.Headings,
            TokenCount = record.TokenCount,
            OverlapLength = record.OverlapLength,
            Context = record.Context,
            ContentHash = record.ContentHash,
            Title = record.Title,
            Source = record.Source is null ? null : new Uri(record.Source, UriKind.RelativeOrAbsolute),
            Metadata = Metadata(record.Tags),
        };
    }

    /// <summary>Whether two records are the same but for their embeddings.</summary>
    public static bool AreEqual(ChunkRecord a, ChunkRecord b) =>
        a.Key == b.Key && a.DocumentId == b.DocumentId && a.Ordinal == b.Ordinal && a.Start == b.Start && a.Content == b.Content && a.TextStart == b.TextStart
        && a.Headings.AsSpan().SequenceEqual(b.Headings) && a.Title == b.Title && a.Context == b.Context && a.Source == b.Source && a.Tags.AsSpan().SequenceEqual(b.Tags)
        && a.TokenCount == b.TokenCount && a.OverlapLength == b.OverlapLength && a.ContentHash == b.ContentHash && a.EmbeddingHash == b.EmbeddingHash
        && a.DocumentHash == b.DocumentHash && a.DocumentChunks == b.DocumentChunks && a.Folder == b.Folder && a.FileStamp == b.FileStamp && a.Sketch == b.Sketch;

    /// <summary>
    /// A hash of all that a document's records depend on but for the embedder: the document, and what it is cut with.
    /// Equal hashes mean that cutting it again would make the same records.
    /// </summary>
    /// <param name="document">The document.</param>
    /// <param name="folder">The folder that it came from, if any.</param>
    /// <param name="fingerprint">What it is cut with.</param>
    public static string HashOf(Document document, string? folder, string fingerprint)
    {
        var hash = new XxHash128();
        Append(hash, Layout);
        Append(hash, fingerprint);
        Append(hash, folder);
        Append(hash, document.Id);
        Append(hash, document.Title);
        Append(hash, document.Source?.OriginalString);
        foreach (var (key, value) in document.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Append(hash, key);
            Append(hash, value);
        }

        Append(hash, document.Text);
        return hash.GetCurrentHashAsUInt128().ToString("x32", null);
    }

    private static void Append(XxHash128 hash, string? value)
    {
        // The length first, so that two neighbouring values cannot trade characters.
        var length = value?.Length ?? -1;
        hash.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in length)));
        hash.Append(MemoryMarshal.AsBytes(value.AsSpan()));
    }

    private static string Header(Chunk chunk)
    {
        if (chunk.Title is null && chunk.Headings.Count == 0 && chunk.Context is null)
            return "";

        var header = new StringBuilder();
        if (chunk.Title is { Length: > 0 } title)
            header.Append(title).Append('\n');
        foreach (var heading in chunk.Headings)
        {
            // A document's first heading is often its title, and a chunk often starts with its heading.
            if (heading != chunk.Title && !StartsWithHeading(chunk.Text, heading))
                header.Append(heading).Append('\n');
        }

        if (chunk.Context is { Length: > 0 } context)
            header.Append(context).Append('\n');
        return header.ToString();
    }

    private static bool StartsWithHeading(string text, string heading) =>
        text.AsSpan().TrimStart("# ").StartsWith(heading, StringComparison.Ordinal);

    private static string[] Tags(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.Count == 0)
            return [];
        var tags = new string[metadata.Count];
        var i = 0;
        foreach (var (key, value) in metadata)
            tags[i++] = $"{key}={value}";
        Array.Sort(tags, StringComparer.Ordinal);
        return tags;
    }

    private static IReadOnlyDictionary<string, string> Metadata(string[] tags)
    {
        if (tags.Length == 0)
            return ReadOnlyDictionary<string, string>.Empty;
        var metadata = new Dictionary<string, string>(tags.Length, StringComparer.Ordinal);
        foreach (var tag in tags)
        {
            var split = tag.IndexOf('=', StringComparison.Ordinal);
            metadata[tag[..split]] = tag[(split + 1)..];
        }

        return metadata;
    }
}
