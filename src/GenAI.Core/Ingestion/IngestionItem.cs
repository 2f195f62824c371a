using System.Text;

namespace GenAI.Core.Ingestion;

/// <summary>A document that is still to be loaded, so that files are read when their turn comes and not all at once. Loading gives nothing for a file of another kind.</summary>
internal readonly record struct IngestionItem(string DocumentId, Func<CancellationToken, Task<Document?>> LoadAsync)
{
    /// <summary>The file's length, or that of the text in UTF-8.</summary>
    public long Bytes { get; init; }

    /// <summary>The full path of the folder that it comes from.</summary>
    public string? Folder { get; init; }

    /// <summary>When the file was written last, if it is one.</summary>
    public DateTime? LastWriteTime { get; init; }

    public static IngestionItem Of(Document document) => new(document.Id, _ => Task.FromResult<Document?>(document)) { Bytes = Encoding.UTF8.GetByteCount(document.Text) };
}
