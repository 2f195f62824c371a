using System.Diagnostics;
using System.Runtime.CompilerServices;
using GenAI.Core.Answering;
using GenAI.Core.Diagnostics;
using GenAI.Core.Ingestion;
using GenAI.Core.Retrieval;
using Microsoft.Extensions.AI;

namespace GenAI.Core;

/// <summary>Documents that can be searched and asked: ingestion on one side, answering on the other, one collection between them.</summary>
/// <remarks>
/// <para><c>new KnowledgeBase()</c> works as it is, offline: it chunks, embeds by words (or by meaning, with the package GenAI.Core.Models.Small), stores in memory, searches by vector and keyword, and
/// answers with quotes. <see cref="KnowledgeBaseOptions"/> replaces any part; <c>services.AddGenAI()</c> registers one in a container.</para>
/// <para>Safe for concurrent use, also searching while ingesting: a search sees a document whole, old or new.</para>
/// </remarks>
public sealed class KnowledgeBase : IDisposable
{
    private readonly KnowledgeBaseParts _parts;

    /// <summary>Makes a knowledge base.</summary>
    /// <param name="options">Its parts; the offline defaults if <see langword="null"/>. Not to be changed afterwards.</param>
    /// <exception cref="ArgumentException">The options contradict each other; the message says how and what to change.</exception>
    public KnowledgeBase(KnowledgeBaseOptions? options = null)
    {
        options ??= new KnowledgeBaseOptions();
        var problems = string.Join(" ", options.Problems());
        if (problems.Length > 0)
            throw new ArgumentException(problems, nameof(options));
        _parts = new KnowledgeBaseParts(options);
    }

    /// <summary>Ingests documents: cuts them, embeds the chunks and stores them. A document with the id of an earlier one replaces it.</summary>
    /// <param name="documents">The documents, each with its own id.</param>
    /// <param name="progress">Told after every document.</param>
    /// <param name="cancellationToken">Stops between documents.</param>
    /// <returns>What was done. A document that failed is in <see cref="IngestionSummary.Failures"/>; the others have landed.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled. Documents that were written stay; none is there by half.</exception>
    public async Task<IngestionSummary> IngestAsync(IAsyncEnumerable<Document> documents, IProgress<IngestionProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        var pipeline = await _parts.IngestionAsync(cancellationToken).ConfigureAwait(false);
        return await pipeline.IngestAsync(documents, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="IngestAsync(IAsyncEnumerable{Document}, IProgress{IngestionProgress}?, CancellationToken)"/>
    public async Task<IngestionSummary> IngestAsync(IEnumerable<Document> documents, IProgress<IngestionProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        var pipeline = await _parts.IngestionAsync(cancellationToken).ConfigureAwait(false);
        int? total = documents.TryGetNonEnumeratedCount(out var count) ? count : null;
        return await pipeline.RunAsync(documents.Select(IngestionItem.Of).ToAsyncEnumerable(), total, bytes: null, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ingests one document.</summary>
    /// <inheritdoc cref="IngestAsync(IAsyncEnumerable{Document}, IProgress{IngestionProgress}?, CancellationToken)"/>
    public Task<IngestionSummary> IngestAsync(Document document, IProgress<IngestionProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        return IngestAsync([document], progress, cancellationToken);
    }

    /// <summary>Ingests the files of a folder and the folders below it that the document reader can read; the others are passed over.</summary>
    /// <param name="folder">The folder. A document's id is its path relative to it, with '/' on every system.</param>
    /// <param name="progress">Told after every document.</param>
    /// <param name="cancellationToken">Stops between documents.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <inheritdoc cref="IngestAsync(IAsyncEnumerable{Document}, IProgress{IngestionProgress}?, CancellationToken)"/>
    public async Task<IngestionSummary> IngestAsync(string folder, IProgress<IngestionProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        DocumentFolder.ThrowIfMissing(folder);
        var pipeline = await _parts.IngestionAsync(cancellationToken).ConfigureAwait(false);
        return await pipeline.RunFolderAsync(folder, _parts.DocumentReader, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds the chunks that fit a query.</summary>
    /// <param name="query">What is asked for.</param>
    /// <param name="top">The most chunks to return, 1 or more. The default is 10.</param>
    /// <param name="options">Arms, filter and fusion.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The chunks, best first; fewer than <paramref name="top"/> if there are no more.</returns>
    /// <exception cref="ArgumentException">The query is empty, white space, or longer than <see cref="KnowledgeBaseOptions.MaxQueryLength"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="top"/> is less than 1.</exception>
    public async Task<IReadOnlyList<RetrievedChunk>> SearchAsync(string query, int top = 10, SearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ThrowIfNotAQuery(query, nameof(query));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        cancellationToken.ThrowIfCancellationRequested();

        using var activity = GenAIDiagnostics.StartSearch(top);
        var started = Stopwatch.GetTimestamp();
        var retriever = await _parts.RetrieverAsync(cancellationToken).ConfigureAwait(false);
        var chunks = await retriever.RetrieveAsync(query, top, options ?? SearchOptions.Default, cancellationToken).ConfigureAwait(false);
        GenAIDiagnostics.Searched(Stopwatch.GetElapsedTime(started));
        return chunks;
    }

    /// <summary>Answers a question from the documents.</summary>
    /// <param name="question">The question.</param>
    /// <param name="options">How much to retrieve, how to search, how to generate.</param>
    /// <param name="cancellationToken">Stops the search or the generation.</param>
    /// <returns>The answer with its checked citations, or one that says that there is no evidence.</returns>
    /// <exception cref="ArgumentException">The question is empty, white space, or longer than <see cref="KnowledgeBaseOptions.MaxQueryLength"/>.</exception>
    public async Task<Answer> AskAsync(string question, AskOptions? options = null, CancellationToken cancellationToken = default)
    {
        ThrowIfNotAQuery(question, nameof(question));
        if (await _parts.Guard.QuestionAsync(question, cancellationToken).ConfigureAwait(false) is not { } allowed)
            return Blocked();
        var chunks = await RetrieveAsync(allowed, options, cancellationToken).ConfigureAwait(false);
        var answer = await _parts.Answering.AnswerAsync(allowed, chunks, options, cancellationToken).ConfigureAwait(false);
        GenAIDiagnostics.Answered(answer.Status);
        return answer;
    }

    /// <summary>Answers a question from the documents, a piece at a time.</summary>
    /// <returns>The pieces of the text as they are written, each citation with the piece that first marks it, and the whole answer in the last update.</returns>
    /// <inheritdoc cref="AskAsync"/>
    public async IAsyncEnumerable<AnswerUpdate> AskStreamingAsync(string question, AskOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ThrowIfNotAQuery(question, nameof(question));
        if (await _parts.Guard.QuestionAsync(question, cancellationToken).ConfigureAwait(false) is not { } allowed)
        {
            var blocked = Blocked();
            yield return new AnswerUpdate { Text = blocked.Text, Answer = blocked };
            yield break;
        }

        var chunks = await RetrieveAsync(allowed, options, cancellationToken).ConfigureAwait(false);
        await foreach (var update in _parts.Answering.AnswerStreamingAsync(allowed, chunks, options, cancellationToken).ConfigureAwait(false))
        {
            if (update.Answer is { } answer)
                GenAIDiagnostics.Answered(answer.Status);
            yield return update;
        }
    }

    /// <summary>Removes a document and its chunks.</summary>
    /// <returns>Whether it was there.</returns>
    public async Task<bool> RemoveAsync(string documentId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(documentId);
        var pipeline = await _parts.IngestionAsync(cancellationToken).ConfigureAwait(false);
        return await pipeline.RemoveAsync(documentId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Has this knowledge base's embedder make the embeddings of every chunk anew, where another one made them: what to do when the model is changed. Others that have the collection open
    /// read on until it is exchanged in one step; what an interrupted call has made, also if the process ended, is there for the next one.
    /// </summary>
    /// <param name="progress">Told the number of chunks that are done.</param>
    /// <param name="cancellationToken">Stops between batches; what is made is kept for the next call.</param>
    /// <returns>The number of chunks that were embedded: 0 if the embeddings were this embedder's already.</returns>
    /// <exception cref="NotSupportedException">The chunks are not in a local store.</exception>
    public Task<long> ReembedAsync(IProgress<long>? progress = null, CancellationToken cancellationToken = default) => _parts.ReembedAsync(progress, cancellationToken);

    /// <summary>A tool with which an agent can search these documents: give it to any chat client that calls functions.</summary>
    /// <param name="name">The tool's name. The default is <c>search_documents</c>.</param>
    /// <param name="description">What the tool is for; the default says that it searches documents. Say which documents these are: it is what the model decides by.</param>
    public AIFunction AsAIFunction(string? name = null, string? description = null) => new SearchFunction(this, name, description);

    /// <summary>Releases what this object made itself; parts that were given to it are left alone.</summary>
    public void Dispose() => _parts.Dispose();

    /// <summary>Searches for evidence: what a model is going to read.</summary>
    internal async Task<IReadOnlyList<RetrievedChunk>> SearchEvidenceAsync(string query, int top, SearchOptions? options, CancellationToken cancellationToken)
    {
        var chunks = await SearchAsync(query, top, options, cancellationToken).ConfigureAwait(false);
        return await _parts.Guard.EvidenceAsync(chunks, cancellationToken).ConfigureAwait(false);
    }

    private Task<IReadOnlyList<RetrievedChunk>> RetrieveAsync(string question, AskOptions? options, CancellationToken cancellationToken) =>
        SearchEvidenceAsync(question, options?.Top ?? AskOptions.DefaultTop, options?.Search, cancellationToken);

    private Answer Blocked()
    {
        GenAIDiagnostics.Answered(AnswerStatus.Blocked);
        return new Answer { Status = AnswerStatus.Blocked, Text = _parts.Guard.BlockedText };
    }

    private void ThrowIfNotAQuery(string text, string parameter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text, parameter);
        if (text.Length > _parts.MaxQueryLength)
            throw new ArgumentException($"The {parameter} has {text.Length} characters; at most {_parts.MaxQueryLength} are accepted. Shorten it, or raise {nameof(KnowledgeBaseOptions)}.{nameof(KnowledgeBaseOptions.MaxQueryLength)}.", parameter);
    }
}
