namespace GenAI.Core.Ingestion;

/// <summary>A document that is still to be loaded, so that files are read by the workers and not all at once. Loading gives nothing for a file of another kind.</summary>
internal readonly record struct IngestionItem(string DocumentId, Func<CancellationToken, Task<Document?>> LoadAsync)
{
    public static IngestionItem Of(Document document) => new(document.Id, _ => Task.FromResult<Document?>(document));
}
