using System.Buffers.Binary;
using System.Collections.ObjectModel;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace GenAI.Core;

/// <summary>A range of a <see cref="Document"/> that is embedded, found and cited as one piece.</summary>
/// <remarks>
/// The invariant that everything rests on: <c>chunk.Range.Of(document.Text) == chunk.Text</c>. Make chunks with
/// <see cref="Create"/>, which keeps it. Immutable, so safe for concurrent use.
/// </remarks>
public sealed class Chunk
{
    /// <summary>
    /// The chunk's identity: 32 hexadecimal digits of a hash over the document's id, the chunk's text and, where a document
    /// repeats a text, the number of the repetition. The same document id and content give the same id in every process.
    /// </summary>
    /// <remarks>A chunk that comes out of a store has the id under which it is stored, <see cref="ChunkRecord.Key"/>, which also depends on what it was cut and embedded with.</remarks>
    public required string Id { get; init; }

    /// <summary>The id of the <see cref="Document"/> that the chunk is a part of.</summary>
    public required string DocumentId { get; init; }

    /// <summary>Where <see cref="Text"/> stands in the document's text.</summary>
    public required TextRange Range { get; init; }

    /// <summary>The chunk's characters, exactly as in the document.</summary>
    public required string Text { get; init; }

    /// <summary>The chunk's position among the document's chunks, from 0.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The headings that the chunk stands under, outermost first. The default is empty.</summary>
    public IReadOnlyList<string> Headings { get; init; } = [];

    /// <summary>The number of tokens in <see cref="Text"/>, as counted by the chunker's counter.</summary>
    public int TokenCount { get; init; }

    /// <summary>How many characters at the start of <see cref="Text"/> the previous chunk ends with too. The default is 0.</summary>
    public int OverlapLength { get; init; }

    /// <summary>
    /// Text from elsewhere in the document without which the chunk is hard to read, such as the header of a table that was split;
    /// <see langword="null"/> if there is none. It is searched and shown with the chunk but is not part of its range.
    /// </summary>
    public string? Context { get; init; }

    /// <summary>32 hexadecimal digits of a hash (XxHash128) of <see cref="Text"/>: equal texts have equal hashes.</summary>
    public required string ContentHash { get; init; }

    /// <summary>The document's title, if it has one.</summary>
    public string? Title { get; init; }

    /// <summary>Where the document came from, if known.</summary>
    public Uri? Source { get; init; }

    /// <summary>The document's metadata. The default is empty.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Cuts a chunk out of a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="range">The chunk's range in the document's text; not empty.</param>
    /// <param name="ordinal">The chunk's position among the document's chunks, from 0.</param>
    /// <param name="occurrence">How many earlier chunks of this document have the same text. The default is 0.</param>
    /// <param name="tokenCount">The number of tokens in the range.</param>
    /// <param name="overlapLength">How many characters at the start the previous chunk ends with too.</param>
    /// <param name="headings">The headings that the chunk stands under, outermost first.</param>
    /// <param name="context">Text from elsewhere in the document that the chunk needs to be understood.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or reaches outside the document's text, or a number is negative.</exception>
    public static Chunk Create(
        Document document,
        TextRange range,
        int ordinal,
        int occurrence = 0,
        int tokenCount = 0,
        int overlapLength = 0,
        IReadOnlyList<string>? headings = null,
        string? context = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentOutOfRangeException.ThrowIfNegative(ordinal);
        ArgumentOutOfRangeException.ThrowIfNegative(occurrence);
        ArgumentOutOfRangeException.ThrowIfNegative(tokenCount);
        ArgumentOutOfRangeException.ThrowIfNegative(overlapLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(overlapLength, range.Length);
        if (range.IsEmpty)
            throw new ArgumentOutOfRangeException(nameof(range), $"The range {range} of document '{document.Id}' is empty; a chunk has at least one character.");

        var text = range.Of(document.Text);
        var content = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(text.AsSpan()));
        return new Chunk
        {
            Id = IdOf(document.Id, content, occurrence),
            DocumentId = document.Id,
            Range = range,
            Text = text,
            Ordinal = ordinal,
            Headings = headings ?? [],
            TokenCount = tokenCount,
            OverlapLength = overlapLength,
            Context = context,
            ContentHash = Hexadecimal(content),
            Title = document.Title,
            Source = document.Source,
            Metadata = document.Metadata,
        };
    }

    /// <summary>The chunk's document and range. The text is left out so that it cannot slip into a log.</summary>
    public override string ToString() => $"Chunk {Ordinal} of {DocumentId} {Range}";

    private static string IdOf(string documentId, UInt128 content, int occurrence)
    {
        // Hashed in one piece: the streaming form of the hash costs more than the text of a small chunk.
        var name = MemoryMarshal.AsBytes(documentId.AsSpan());
        var length = name.Length + 20;
        var bytes = length <= 512 ? stackalloc byte[512] : new byte[length];
        name.CopyTo(bytes);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[name.Length..], content);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[(name.Length + 16)..], occurrence);
        return Hexadecimal(XxHash128.HashToUInt128(bytes[..length]));
    }

    private static string Hexadecimal(UInt128 hash)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, hash);
        return Convert.ToHexStringLower(bytes);
    }
}
