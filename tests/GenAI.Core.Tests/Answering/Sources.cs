using GenAI.Core.Answering;

namespace GenAI.Core.Tests.Answering;

/// <summary>Documents and chunks for tests of answering.</summary>
internal static class Sources
{
    public static Document Document(string id, string text, string? title = null) =>
        new() { Id = id, Text = text, Title = title, Source = new Uri($"https://example.org/{id}") };

    /// <summary>Each text as a document of one chunk, best first.</summary>
    public static IReadOnlyList<RetrievedChunk> Of(params string[] texts) =>
        Retrieved([.. texts.Select((text, i) => Chunk.Create(Document($"doc{i + 1}", text), new TextRange(0, text.Length), 0))]);

    public static IReadOnlyList<RetrievedChunk> Retrieved(params Chunk[] chunks) =>
        [.. chunks.Select((chunk, i) => new RetrievedChunk { Chunk = chunk, Score = 1f / (i + 1), Rank = i + 1 })];

    /// <summary>A prompt with the given texts as sources.</summary>
    public static GroundedPrompt Prompt(string question, params string[] texts) =>
        new PromptFormat("Answer.").Render(question, [.. Of(texts).Select((retrieved, i) => SourcePassage.Of(new ChunkPiece(retrieved.Chunk, retrieved.Chunk.Range, i)))]);
}
