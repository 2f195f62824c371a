using GenAI.Core.Chunking;
using GenAI.Core.Text;

namespace GenAI.Core.Answering;

/// <summary>Chooses what the model reads: the best chunks that fit the budget, without repetition, as numbered sources.</summary>
/// <remarks>Pure: equal arguments give equal prompts. Safe for concurrent use.</remarks>
internal sealed class ContextAssembler(PromptFormat format, TokenCounter counter)
{
    /// <summary>Above this resemblance two texts are one text with small edits; 0.9 is the value of Broder's study of the web.</summary>
    private const double DuplicateResemblance = 0.9;

    /// <summary>A source of fewer tokens than this says too little for the tokens its fence costs.</summary>
    private const int MinSourceTokens = 32;

    /// <summary>Makes the prompt.</summary>
    /// <param name="question">The question.</param>
    /// <param name="chunks">The chunks, best first.</param>
    /// <param name="budget">The most tokens that the prompt's texts may have.</param>
    /// <returns>The prompt; null if there is no chunk that could be a source.</returns>
    /// <exception cref="ArgumentException">The question leaves no room for a source.</exception>
    public GroundedPrompt? Assemble(string question, IReadOnlyList<RetrievedChunk> chunks, int budget)
    {
        var room = budget - counter.Count(format.SystemText) - counter.Count(PromptFormat.RenderUser(question, [], PromptFormat.PlaceholderKey));
        if (room < MinSourceTokens)
            throw new ArgumentException($"The question leaves {room} of {budget} tokens for sources. Shorten it, or raise {nameof(AnswerOptions.MaxContextTokens)}.", nameof(question));

        while (true)
        {
            var passages = Select(question, chunks, room);
            if (passages.Count == 0)
                return null;

            passages.Sort((a, b) => a.Rank.CompareTo(b.Rank));
            var prompt = format.Render(question, passages);
            var excess = counter.Count(prompt.SystemText) + counter.Count(prompt.UserText) - budget;
            if (excess <= 0)
                return prompt;

            // The parts fit one by one; a tokenizer may still need more for the whole.
            room -= excess;
        }
    }

    private List<SourcePassage> Select(string question, IReadOnlyList<RetrievedChunk> chunks, int room)
    {
        var passages = new List<SourcePassage>();
        var costs = new Dictionary<SourcePassage, int>();
        var kept = new List<(Chunk Chunk, ShingleSet Shingles)>();
        var questionWords = ShingleSet.Of(question);
        for (var rank = 0; rank < chunks.Count && room >= MinSourceTokens; rank++)
        {
            var chunk = chunks[rank].Chunk;

            // What is not the range it says it is cannot be cited.
            if (chunk.Text.Length != chunk.Range.Length || string.IsNullOrWhiteSpace(chunk.Text))
                continue;

            var shingles = ShingleSet.Of(chunk.Text);
            if (kept.Exists(other => IsDuplicate(chunk, shingles, other.Chunk, other.Shingles, questionWords)))
                continue;

            if (!TryAdd(new ChunkPiece(chunk, chunk.Range, rank), passages, costs, ref room)
                && !TryAddTrimmed(chunk, rank, passages, costs, ref room))
                continue;

            kept.Add((chunk, shingles));
        }

        return passages;
    }

    private static bool IsDuplicate(Chunk chunk, ShingleSet shingles, Chunk other, ShingleSet otherShingles, ShingleSet questionWords)
    {
        // Overlapping windows of one document are merged, not dropped.
        if (chunk.DocumentId == other.DocumentId && chunk.Range.Overlaps(other.Range))
            return chunk.Range == other.Range;

        return shingles.Resemblance(otherShingles) >= DuplicateResemblance && !shingles.AddsTo(otherShingles, questionWords);
    }

    /// <summary>Adds a piece, merged with the passages that it overlaps or touches, if the whole still fits.</summary>
    private bool TryAdd(ChunkPiece piece, List<SourcePassage> passages, Dictionary<SourcePassage, int> costs, ref int room)
    {
        var merged = SourcePassage.Of(piece);
        var replaced = new List<SourcePassage>();
        foreach (var passage in passages)
        {
            if (merged.TryMerge(passage) is { } both)
            {
                merged = both;
                replaced.Add(passage);
            }
        }

        var cost = counter.Count(PromptFormat.RenderSource(passages.Count + 1, merged, PromptFormat.PlaceholderKey));
        var left = room - cost + replaced.Sum(passage => costs[passage]);
        if (left < 0)
            return false;

        passages.RemoveAll(replaced.Contains);
        passages.Add(merged);
        costs[merged] = cost;
        room = left;
        return true;
    }

    /// <summary>Adds as many whole sentences of the chunk's beginning as fit; whole words of it if it would be the only source.</summary>
    private bool TryAddTrimmed(Chunk chunk, int rank, List<SourcePassage> passages, Dictionary<SourcePassage, int> costs, ref int room)
    {
        var sentences = new List<TextRange>();
        SentenceSegmenter.Segment(chunk.Text, sentences);
        if (TryAddLongest([.. sentences.Select(sentence => sentence.End)], chunk, rank, passages, costs, ref room))
            return true;

        if (passages.Count > 0)
            return false;

        var words = new List<int>();
        for (var i = 1; i < chunk.Text.Length; i++)
        {
            if (char.IsWhiteSpace(chunk.Text[i]) && !char.IsWhiteSpace(chunk.Text[i - 1]))
                words.Add(i);
        }

        return TryAddLongest(words, chunk, rank, passages, costs, ref room);
    }

    private bool TryAddLongest(List<int> ends, Chunk chunk, int rank, List<SourcePassage> passages, Dictionary<SourcePassage, int> costs, ref int room)
    {
        int low = 0, high = ends.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (counter.Count(PromptFormat.RenderSource(passages.Count + 1, SourcePassage.Of(PieceOf(ends[middle])), PromptFormat.PlaceholderKey)) <= room)
                low = middle + 1;
            else
                high = middle;
        }

        return low > 0
            && counter.Count(chunk.Text.AsSpan(0, ends[low - 1])) >= MinSourceTokens
            && TryAdd(PieceOf(ends[low - 1]), passages, costs, ref room);

        ChunkPiece PieceOf(int end) => new(chunk, new TextRange(chunk.Range.Start, end), rank);
    }
}
