using System.Text;

namespace GenAI.Core.Ingestion;

/// <summary>Reads Markdown (<c>.md</c>, <c>.markdown</c>) and plain text (<c>.txt</c>, <c>.text</c>) files.</summary>
/// <remarks>
/// Files are UTF-8, with or without a byte-order mark, or UTF-16 or UTF-32 with one. The text is kept as it is, line ends included, so that citations
/// point at the characters of the file; only the byte-order mark is left out. The title is that of the front matter or the first
/// heading of a Markdown file, else the file's name. Safe for concurrent use.
/// </remarks>
public sealed class TextDocumentReader : IDocumentReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The file is not text in one of the encodings above.</exception>
    public async Task<Document?> ReadAsync(FileInfo file, string documentId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentException.ThrowIfNullOrWhiteSpace(documentId);

        var isMarkdown = IsMarkdown(file.Extension);
        if (!isMarkdown && !IsPlainText(file.Extension))
            return null;

        var bytes = await File.ReadAllBytesAsync(file.FullName, cancellationToken).ConfigureAwait(false);
        var text = Decode(bytes, file);
        return new Document
        {
            Id = documentId,
            Text = text,
            Title = (isMarkdown ? MarkdownTitle.Find(text) : null) ?? Path.GetFileNameWithoutExtension(file.Name),
            Source = new Uri(file.FullName),
        };
    }

    internal static bool IsMarkdown(string extension) =>
        extension.Equals(".md", StringComparison.OrdinalIgnoreCase) || extension.Equals(".markdown", StringComparison.OrdinalIgnoreCase);

    private static bool IsPlainText(string extension) =>
        extension.Equals(".txt", StringComparison.OrdinalIgnoreCase) || extension.Equals(".text", StringComparison.OrdinalIgnoreCase);

    private static string Decode(ReadOnlySpan<byte> bytes, FileInfo file)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[3..];
        else if (bytes.StartsWith(Encoding.UTF32.Preamble))
            return Encoding.UTF32.GetString(bytes[4..]);
        else if (bytes.StartsWith(Encoding.Unicode.Preamble))
            return Encoding.Unicode.GetString(bytes[2..]);
        else if (bytes.StartsWith(Encoding.BigEndianUnicode.Preamble))
            return Encoding.BigEndianUnicode.GetString(bytes[2..]);

        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException invalid)
        {
            throw new InvalidDataException($"'{file.FullName}' is not UTF-8 at byte {invalid.Index}. Convert it to UTF-8, or read it with an IDocumentReader of your own.", invalid);
        }
    }
}
